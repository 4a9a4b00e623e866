import { constants } from 'node:os';
import { type Command, Option } from 'commander';
import { readMoment } from './read/period.ts';

const exitCodes = `
Exit codes: 0 measured; 3 measured, and some promise was not matched by the
final exit; 1 not measured, or cut off (the same command goes on from there);
130 interrupted, likewise.

Environment: BUILDKITE_API_TOKEN (read_builds), BUILDKITE_API_URL (--api-url).
`;

/** Adds `promise-failure measure [pipeline]`. */
export function addMeasureCommand(program: Command): void {
  program
    .command('measure')
    .summary('tell how much earlier builds went red, or would have')
    .description(
      'Tells how much earlier builds went red by promises, from the REST API, or what they would be worth, from evidence files.',
    )
    .argument('[pipeline]', 'the pipeline’s URL, or <organization>/<pipeline>')
    .option('--files <paths...>', 'evidence files, or folders of them, instead of a pipeline')
    .option('--branch <name>', 'builds of this branch alone')
    .addOption(
      new Option('--from <when>', 'builds created since: a date, a time, or days before now')
        .argParser(readMoment)
        .default(readMoment('30d'), '30d'),
    )
    .addOption(new Option('--to <when>', 'builds created before (default: now)').argParser(readMoment))
    .addOption(new Option('--json', 'all of it as one JSON object').conflicts('csv'))
    .addOption(new Option('--csv', 'one line for each job'))
    .option('--html <file>', 'also write a page with a timeline and a distribution')
    .option('--state <file>', 'where a reading that is cut off is kept (default: in the user’s cache)')
    .option('--api-url <url>', 'base URL of the REST API (default: https://api.buildkite.com/v2)')
    .addHelpText('after', exitCodes)
    .action(async (pipeline: string | undefined, options) => {
      const stop = new AbortController();
      const interrupt = (name: 'SIGINT' | 'SIGTERM') => stop.abort(128 + constants.signals[name]);
      process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
      const { runMeasure } = await import('./run.ts');
      process.exitCode = await runMeasure({ pipeline, ...options }, process.env, stop.signal);
    });
}
