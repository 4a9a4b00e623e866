import { constants } from 'node:os';
import { type Command, InvalidArgumentError } from 'commander';
import type { DeclareOptions } from './run.ts';

const exitCodes = `
Exit codes: 0 promised, now or before, or a dry run; 1 nothing asked (a bad
argument, not a Buildkite job); 3 refused by Buildkite; 4 no verdict in time
(to ask again is safe); 5 switched off by PROMISE_FAILURE=false; 130 interrupted.

Environment: that of a Buildkite job. PROMISE_FAILURE need not be set; with
dry-run nothing is sent.
`;

/** Adds `promise-failure declare <exit-status>`. */
export function addDeclareCommand(program: Command): void {
  program
    .command('declare')
    .summary('promise by hand that this job will fail')
    .description(
      'Promises that this job will fail with an exit status. Binding: a job that ends with 0 is recorded as failed with it.',
    )
    .argument('<exit-status>', 'what the job will exit with, 1 to 255', readExitStatus)
    .option('--reason <text>', 'why, in one line; secrets are redacted as the agent does', 'declared by hand')
    .option('--timeout <seconds>', 'longest time to wait for the verdict', readSeconds, 30)
    .addHelpText('after', exitCodes)
    .action(async (exitStatus: number, options: DeclareOptions) => {
      const stop = new AbortController();
      const interrupt = (name: 'SIGINT' | 'SIGTERM') => stop.abort(128 + constants.signals[name]);
      process.once('SIGINT', interrupt).once('SIGTERM', interrupt);
      const { runDeclare } = await import('./run.ts');
      process.exitCode = await runDeclare(exitStatus, options, process.env, stop.signal);
    });
}

function readExitStatus(text: string): number {
  const status = Number(text);
  if (/^\d{1,3}$/.test(text) && status >= 1 && status <= 255) return status;
  throw new InvalidArgumentError('It takes a whole number from 1 to 255.');
}

function readSeconds(text: string): number {
  const seconds = Number(text);
  if (seconds > 0 && seconds <= 3600) return seconds;
  throw new InvalidArgumentError('It takes seconds, above 0 and up to 3600.');
}
