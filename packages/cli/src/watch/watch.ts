import { constants } from 'node:os';
import { type Command, InvalidArgumentError, Option } from 'commander';
import { watchExit } from './exit.ts';
import type { WatchOptions } from './options.ts';

const exitCodes = `
Exit codes, from 9 to 12 those of bk preflight: 0 passed; 9 ended in any other way (failed, cancelled, skipped, not
run); 10 failing (certain to fail, not finished); 11 not finished when the watching ended (blocked, or --timeout);
12 in a state that is not known or not readable any more; 1 trouble with the watching itself; 130 interrupted; 141
nobody reads the output. With --until finished only an end or --timeout ends it.

Environment: BUILDKITE_API_TOKEN (read_builds, and write_builds to cancel), BUILDKITE_WEBHOOK_TOKEN (--listen),
BUILDKITE_API_URL (--api-url), BUILDKITE_BRANCH (--branch).
`;

const untilOption = new Option('--until <when>', 'stop once the outcome is certain, or go on to the end')
  .choices(['certain', 'finished'])
  .default('certain');
const authenticationOption = new Option('--webhook-authentication <how>', 'how webhooks prove themselves')
  .choices(['signature', 'token'])
  .default('signature');

/** Adds `promise-failure watch <build>`. */
export function addWatchCommand(program: Command): void {
  program
    .command('watch')
    .summary('watch a build, and exit as soon as it is certain to fail')
    .description('Watches a Buildkite build, and exits as soon as its outcome is certain.')
    .argument(
      '<build>',
      "the build's URL or <organization>/<pipeline>/<number>; <organization>/<pipeline> for the newest of a branch",
    )
    .option('--branch <name>', 'branch whose newest build is meant (default: the one checked out here)')
    .addOption(untilOption)
    .option('--json', 'one JSON object per line', false)
    .option('--no-live', 'lines instead of a live view, also on a terminal')
    .option('--on-failing <command>', 'run a shell command once, with the report as JSON on its stdin')
    .option('--cancel-on-failing', 'cancel the build once it is failing', false)
    .option('--listen <[host:]port>', 'receive webhooks here, and poll only behind them')
    .addOption(authenticationOption)
    .option(
      '--poll-every <seconds>',
      'shortest time between polls; rate limits may ask for more',
      readSeconds(3600),
      1,
    )
    .option('--timeout <seconds>', 'longest time to watch (default: none)', readSeconds(1_000_000))
    .option(
      '--evidence-wait <seconds>',
      'longest time to wait for which tests have failed (0: do not look)',
      readWait,
      3,
    )
    .option('--api-url <url>', 'base URL of the REST API (default: https://api.buildkite.com/v2)')
    .addHelpText('after', exitCodes)
    .action(async (build: string, options: WatchOptions) => {
      const stop = new AbortController();
      const interrupt = (name: 'SIGINT' | 'SIGTERM') => stop.abort(128 + constants.signals[name]);
      process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
      process.stdout.on('error', () => stop.abort(watchExit.closedPipe));
      const { runWatch } = await import('./run.ts');
      process.exitCode = await runWatch(build, options, process.env, process.stdout, stop.signal);
    });
}

function readWait(text: string): number {
  const seconds = Number(text);
  if (text.trim() !== '' && seconds >= 0 && seconds <= 60) return seconds;
  throw new InvalidArgumentError('It takes seconds, from 0 to 60.');
}

function readSeconds(most: number): (text: string) => number {
  return (text) => {
    const seconds = Number(text);
    if (seconds > 0 && seconds <= most) return seconds;
    throw new InvalidArgumentError(`It takes seconds, above 0 and up to ${most}.`);
  };
}
