import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isAskedFor, readJobLedger } from '@promise-failure/core/job';
import type { Command } from 'commander';
import { leftOut } from '../runner/left-out.ts';
import { runChild, StartError } from './child.ts';
import { type CommandEnd, judgeRuns } from './judge.ts';

export interface RunOptions {
  readonly forgiveMuted: boolean;
}

/** Adds `promise-failure run -- <command>`. */
export function addRunCommand(program: Command): void {
  program
    .command('run')
    .summary('run a test command, and forgive it if only muted tests failed')
    .description('Runs a test command and forwards output, signals and exit status.')
    .argument('<command...>', 'the command and its arguments; no shell is started')
    .passThroughOptions()
    .option('--forgive-muted', 'exit 0 where tests failed and every failed test is muted', false)
    .action(async (command: string[], options: RunOptions) => {
      process.exitCode = await runTests(command, options);
    });
}

/** Runs the command and resolves with the exit status to end with; a signal counts 128 and its number. */
export async function runTests(
  command: readonly string[],
  { forgiveMuted }: RunOptions,
  env: NodeJS.ProcessEnv = process.env,
  say: (line: string) => void = sayOnStderr,
): Promise<number> {
  const warning = leftOut(command, env);
  if (warning !== undefined) say(`warning: ${warning}`);
  try {
    if (!forgiveMuted) return statusOf(await runChild(command, env));
    return await runForgiving(command, env, say);
  } catch (error) {
    if (!(error instanceof StartError)) throw error;
    say(error.message);
    return error.exitStatus;
  }
}

/** With a folder of its own, so that nothing but this command's runs is taken for evidence. */
async function runForgiving(
  command: readonly string[],
  env: NodeJS.ProcessEnv,
  say: (line: string) => void,
): Promise<number> {
  const folder = mkdtempSync(join(tmpdir(), 'promise-failure-run-'));
  try {
    const end = await runChild(command, { ...env, ...tellFailures(env), PROMISE_FAILURE_JOB_FOLDER: folder });
    const status = statusOf(end);
    if (status === 0) return 0;
    const judgement = judgeRuns(end, readJobLedger(folder), isAskedFor(env));
    if (!judgement.forgiven) {
      say(`exit status ${status} stands: ${judgement.because}`);
      return status;
    }
    const { muted } = judgement;
    say(`exit status ${status} is forgiven: ${muted.length} failed and muted, nothing else failed`);
    for (const name of muted) say(`forgiven: ${name}`);
    return 0;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Outside of a job nothing can be promised, and reporters are off: they tell their failures in a dry run. */
function tellFailures(env: NodeJS.ProcessEnv): NodeJS.ProcessEnv {
  return isAskedFor(env) && !env.BUILDKITE_JOB_ID ? { PROMISE_FAILURE: 'dry-run' } : {};
}

function statusOf(end: CommandEnd): number {
  return end.type === 'exited' ? end.code : end.exitStatus;
}

function sayOnStderr(line: string): void {
  process.stderr.write(`promise-failure: ${line}\n`);
}
