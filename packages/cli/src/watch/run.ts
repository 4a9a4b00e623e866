import { createBuildRunner, createRateBudget, createWatcher, toBuildId } from '@promise-failure/build-runner';
import { explainTrouble, watchBuild } from './build.ts';
import { watchExit } from './exit.ts';
import { runOnFailing } from './hook.ts';
import type { WatchOptions } from './options.ts';
import { listenForPush } from './push.ts';
import { createWatchView, type Output } from './view.ts';

/** Polls that may fail in a row before the build counts as not readable. */
const patience = 10;

/** Runs the command; resolves with its exit code and never rejects. Trouble is told on stderr. */
export async function runWatch(
  text: string,
  options: WatchOptions,
  env: NodeJS.ProcessEnv,
  output: Output,
  signal: AbortSignal,
): Promise<number> {
  const say = (line: string) => process.stderr.write(`promise-failure: ${line}\n`);
  try {
    return await watchOne(text, options, { env, output, signal });
  } catch (error) {
    say(explainTrouble(error, text));
    return error === notReadable ? watchExit.unknown : watchExit.trouble;
  }
}

const notReadable = new Error(`the build could not be read ${patience} times in a row`);

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function watchOne(text: string, options: WatchOptions, { env, output, signal }: Surroundings) {
  const build = toBuildId(text);
  const token = env.BUILDKITE_API_TOKEN;
  if (!token) throw new Error('set BUILDKITE_API_TOKEN to an API access token that may read builds');
  const budget = createRateBudget();
  const rest = { token, budget, baseUrl: options.apiUrl ?? (env.BUILDKITE_API_URL || undefined) };
  const view = createWatchView({ json: options.json, live: options.live, output });
  // Not AbortSignal.any: Node 20 may collect such a signal while it is waited for.
  const stop = new AbortController();
  const forward = () => stop.abort(signal.reason);
  signal.addEventListener('abort', forward, { once: true });
  const onTrouble = (error: unknown, inARow: number) => {
    const message = error instanceof Error ? error.message : String(error);
    view.tell({ type: 'trouble', at: new Date().toISOString(), build, message });
    if (inARow >= patience) stop.abort(notReadable);
  };
  const watcher = createWatcher({ ...rest, pollEveryMs: options.pollEvery * 1000, onTrouble });
  const stopPush = await startPush(options, env, watcher);
  const { onFailing, until, cancelOnFailing } = options;
  try {
    return await watchBuild(
      {
        ...{ build, until, cancelOnFailing },
        ...(onFailing && { onFailing: (report) => runOnFailing(onFailing, report, env) }),
      },
      { runner: createBuildRunner(rest), watcher, view, signal: stop.signal },
    );
  } finally {
    signal.removeEventListener('abort', forward);
    view.close();
    stopPush?.();
  }
}

async function startPush(
  options: WatchOptions,
  env: NodeJS.ProcessEnv,
  watcher: ReturnType<typeof createWatcher>,
) {
  if (options.listen === undefined) return undefined;
  const token = env.BUILDKITE_WEBHOOK_TOKEN;
  if (!token)
    throw new Error('set BUILDKITE_WEBHOOK_TOKEN to the token of the webhook that --listen receives');
  return listenForPush(watcher, {
    listen: options.listen,
    token,
    authentication: options.webhookAuthentication,
  });
}
