import {
  type BuildRunner,
  createBuildRunner,
  createEvidenceReader,
  createRateBudget,
  createWatcher,
  type Watcher,
} from '@promise-failure/build-runner';
import { explainTrouble } from '../rest/explain.ts';
import { readRest } from '../rest/read-rest.ts';
import { type WatchParts, watchBuild } from './build.ts';
import { watchExit } from './exit.ts';
import { findBuild } from './find-build.ts';
import { runOnFailing } from './hook.ts';
import type { News } from './news.ts';
import type { WatchOptions } from './options.ts';
import { listenForPush } from './push.ts';
import { createWatchView, isPersonsTerminal, type Output, type WatchView } from './view.ts';

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
  try {
    return await watchOne(text, options, { env, output, signal });
  } catch (error) {
    if (signal.aborted && typeof signal.reason === 'number') return signal.reason;
    const message = explainTrouble(error, text);
    const exitCode = error === notReadable ? watchExit.unknown : watchExit.trouble;
    process.stderr.write(`promise-failure: ${message}\n`);
    const end: News = { type: 'end', at: new Date().toISOString(), build: text, exitCode, message };
    if (options.json) output.write(`${JSON.stringify(end)}\n`);
    return exitCode;
  }
}

const notReadable = new Error(`the build could not be read ${patience} times in a row`);

interface Surroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly output: Output;
  readonly signal: AbortSignal;
}

async function watchOne(text: string, options: WatchOptions, { env, output, signal }: Surroundings) {
  const rest = { ...readRest(options.apiUrl, env), budget: createRateBudget() };
  const runner = createBuildRunner(rest);
  const live = options.live && isPersonsTerminal(output, env);
  const view = createWatchView({ title: text, json: options.json, live, output });
  // Not AbortSignal.any: Node 20 may collect such a signal while it is waited for.
  const stop = new AbortController();
  const forward = () => stop.abort(signal.reason);
  signal.addEventListener('abort', forward, { once: true });
  if (signal.aborted) forward();
  try {
    const build = await findBuild({ text, branch: options.branch, env }, runner, stop.signal);
    const onTrouble = (error: unknown, inARow: number) => {
      view.tell({ type: 'trouble', ...base(build), message: explainTrouble(error, build) });
      if (inARow >= patience) stop.abort(notReadable);
    };
    const watcher = createWatcher({ ...rest, pollEveryMs: options.pollEvery * 1000, onTrouble });
    const { read } = createEvidenceReader(rest);
    const evidence = { read, hasRoom: () => rest.budget.take(true) === 0 };
    return await watchWith(build, options, { runner, watcher, view, evidence, signal: stop.signal, env });
  } finally {
    signal.removeEventListener('abort', forward);
    view.close();
  }
}

interface Tools {
  readonly runner: BuildRunner;
  readonly watcher: Watcher;
  readonly view: WatchView;
  readonly evidence: WatchParts['evidence'];
  readonly signal: AbortSignal;
  readonly env: NodeJS.ProcessEnv;
}

async function watchWith(build: string, options: WatchOptions, tools: Tools): Promise<number> {
  const { onFailing, until, cancelOnFailing, timeout, evidenceWait } = options;
  const { env } = tools;
  const stopPush = await startPush(build, options, tools);
  try {
    const plan = {
      ...{ build, until, cancelOnFailing, evidenceWaitMs: evidenceWait * 1000 },
      ...(timeout !== undefined && { timeoutMs: timeout * 1000 }),
      ...(onFailing && {
        onFailing: (report: Parameters<typeof runOnFailing>[1]) => runOnFailing(onFailing, report, env),
      }),
    };
    return await watchBuild(plan, tools);
  } finally {
    stopPush?.();
  }
}

function base(build: string) {
  return { at: new Date().toISOString(), build };
}

async function startPush(build: string, options: WatchOptions, { env, watcher, view }: Tools) {
  if (options.listen === undefined) return undefined;
  const token = env.BUILDKITE_WEBHOOK_TOKEN;
  if (!token)
    throw new Error('set BUILDKITE_WEBHOOK_TOKEN to the token of the webhook that --listen receives');
  return listenForPush(watcher, {
    ...{ listen: options.listen, token, authentication: options.webhookAuthentication },
    onRefusal: (refusal) => view.tell({ type: 'refused', ...base(build), ...refusal }),
  });
}
