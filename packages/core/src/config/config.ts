import type { Env } from '../env.ts';
import type { RunnerName } from '../vocabulary.ts';
import { flag, type Kind } from './kinds.ts';
import { type ConfigProblem, OptionReader } from './option-reader.ts';
import type { OptionValues } from './option-table.ts';
import type { PromiseFailureOptions } from './options.ts';

/** What a reporter's options and the environment come to. Frozen. */
export interface Config extends Omit<OptionValues, 'exitStatus'> {
  readonly mode: 'on' | 'dry-run';
  readonly exitStatus: number;
  /** The user names it; otherwise the process's own counts where it is another one. */
  readonly exitStatusIsGiven: boolean;
}

/** Off (with why, for debug lines), on with a configuration, or every problem at once. Never throws. */
export type ConfigResult =
  | { readonly type: 'off'; readonly because: string; readonly debug: boolean }
  | { readonly type: 'on'; readonly config: Config }
  | { readonly type: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** The runner, and what it exits with when tests fail, where no option says otherwise. */
export interface RunnerFacts {
  readonly runner: RunnerName;
  readonly exitStatus: number;
}

/** Resolves options over environment over defaults. The only reader of our own environment variables. */
export function resolveConfig(
  options: PromiseFailureOptions | undefined,
  env: Env,
  { runner, exitStatus }: RunnerFacts,
): ConfigResult {
  const read = new OptionReader(options ?? {}, env);
  const mode = readMode(read, env);
  const debug = read.option('debug');
  if (mode.off !== undefined && read.problems.length === 0) return { type: 'off', because: mode.off, debug };

  const values = read.all();
  const config: Config = {
    ...values,
    mode: mode.dryRun ? 'dry-run' : 'on',
    exitStatus: values.exitStatus ?? exitStatus,
    exitStatusIsGiven: values.exitStatus !== undefined,
  };
  read.refuseUnknown(runner);
  return read.problems.length > 0
    ? { type: 'invalid', problems: read.problems }
    : { type: 'on', config: Object.freeze(config) };
}

/** The problems as one message that names each field, what was found and what would be right. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ field, found, expected }) => `${field} is ${found}, expected ${expected}`);
  return `nothing will be promised, because the configuration is not valid: ${lines.join('; ')}`;
}

const flagOrDryRun: Kind<boolean> = { ...flag, expected: `${flag.expected}, or dry-run` };

/** Whether the environment turns promising on, in a job or as a dry run. A word that is neither yes nor no does not. */
export function isAskedFor(env: Env): boolean {
  return readSwitch(new OptionReader({}, env), env).asked;
}

/** How the environment stands to promising; `invalid` for a variable that is neither yes nor no. */
export type FlagState =
  | { readonly type: 'on' | 'dry-run' | 'off' | 'unset' }
  | { readonly type: 'invalid'; readonly problems: readonly ConfigProblem[] };

/** Reads the flag alone. `off` is the user's word against promising, `unset` that nobody has asked for it. */
export function readFlag(env: Env): FlagState {
  const read = new OptionReader({}, env);
  const { asked, dryRun, because } = readSwitch(read, env);
  if (read.problems.length > 0) return { type: 'invalid', problems: read.problems };
  if (asked) return { type: dryRun ? 'dry-run' : 'on' };
  return { type: because === unsetFlag ? 'unset' : 'off' };
}

const unsetFlag = 'PROMISE_FAILURE is not set';

interface Switch {
  readonly asked: boolean;
  readonly dryRun: boolean;
  /** Why it is off. */
  readonly because: string;
}

function readSwitch(read: OptionReader, env: Env): Switch {
  const off = (because: string) => ({ asked: false, dryRun: false, because });
  const own = (env.PROMISE_FAILURE ?? '').trim().toLowerCase();
  if (own === 'dry-run') return { asked: true, dryRun: true, because: '' };
  const ours = read.variable('PROMISE_FAILURE', flagOrDryRun);
  if (ours === false) return off('PROMISE_FAILURE is false');
  const theirs = read.variable('BUILDKITE_TEST_ENGINE_PROMISE_FAILURE', flag);
  return ours || theirs ? { asked: true, dryRun: false, because: '' } : off(unsetFlag);
}

function readMode(read: OptionReader, env: Env): { off?: string; dryRun: boolean } {
  const { asked, dryRun, because } = readSwitch(read, env);
  if (!asked) return { off: because, dryRun };
  if (!dryRun && !env.BUILDKITE_JOB_ID) return { off: 'this is not a Buildkite job', dryRun };
  return { dryRun };
}
