import type { Env } from '../env.ts';
import type { Threshold } from '../vocabulary.ts';
import type { Config, MutedOption, PromiseFailureOptions } from './options.ts';
import { parseThreshold } from './threshold.ts';

/** One thing that is wrong with the configuration. */
export interface ConfigProblem {
  /** The option or variable, as the user wrote it. */
  readonly field: string;
  readonly found: string;
  readonly expected: string;
}

/** Off (with why, for debug lines), on with a configuration, or every problem at once. Never throws. */
export type ConfigResult =
  | { readonly type: 'off'; readonly because: string; readonly debug: boolean }
  | { readonly type: 'on'; readonly config: Config }
  | { readonly type: 'invalid'; readonly problems: readonly ConfigProblem[] };

const yes = new Set(['true', '1', 't', 'yes', 'on']);
const no = new Set(['false', '0', 'f', 'no', 'off']);

/**
 * Resolves options over environment over defaults. `runnerExitStatus` is what the runner exits with when tests
 * fail, used when no option says otherwise. The only reader of our own environment variables.
 */
export function resolveConfig(
  options: PromiseFailureOptions | undefined,
  env: Env,
  runnerExitStatus: number,
): ConfigResult {
  const read = new Reader(options ?? {}, env);
  const mode = readMode(read, env);
  const debug = read.flag('debug', 'PROMISE_FAILURE_DEBUG') ?? false;
  if (mode.off !== undefined && read.problems.length === 0) return { type: 'off', because: mode.off, debug };

  const config: Config = {
    mode: mode.dryRun ? 'dry-run' : 'on',
    threshold: read.threshold(),
    exitStatus: read.whole('exitStatus', 'PROMISE_FAILURE_EXIT_STATUS', 1, 255) ?? runnerExitStatus,
    drainTimeoutMs: read.whole('drainTimeoutMs', 'PROMISE_FAILURE_DRAIN_TIMEOUT_MS', 0, 600_000) ?? 5000,
    outerRetries:
      read.whole('outerRetries', 'PROMISE_FAILURE_OUTER_RETRIES', 0, 100) ??
      read.whole(undefined, 'BUILDKITE_TEST_ENGINE_RETRY_COUNT', 0, 100) ??
      0,
    exitWrapper: read.text('exitWrapper', 'PROMISE_FAILURE_EXIT_WRAPPER'),
    muted: read.muted(),
    mutedFile: read.text('mutedFile', 'PROMISE_FAILURE_MUTED_FILE'),
    mutedSuite: read.text('mutedSuite', 'PROMISE_FAILURE_MUTED_SUITE'),
    debug,
  };
  return read.problems.length > 0
    ? { type: 'invalid', problems: read.problems }
    : { type: 'on', config: Object.freeze(config) };
}

/** The result with the problems of a reporter's own options among its own; a run that is off has none. */
export function addProblems(result: ConfigResult, problems: readonly ConfigProblem[]): ConfigResult {
  if (result.type === 'off' || problems.length === 0) return result;
  return { type: 'invalid', problems: [...(result.type === 'invalid' ? result.problems : []), ...problems] };
}

/** The problems as one message that names each field, what was found and what would be right. */
export function describeProblems(problems: readonly ConfigProblem[]): string {
  const lines = problems.map(({ field, found, expected }) => `${field} is ${found}, expected ${expected}`);
  return `nothing will be promised, because the configuration is not valid: ${lines.join('; ')}`;
}

function readMode(read: Reader, env: Env): { off?: string; dryRun: boolean } {
  const own = (env.PROMISE_FAILURE ?? '').trim().toLowerCase();
  if (own === 'dry-run') return { dryRun: true };
  const ours = read.flag(undefined, 'PROMISE_FAILURE', ', or dry-run');
  if (ours === false) return { off: 'PROMISE_FAILURE is false', dryRun: false };
  const theirs = read.flag(undefined, 'BUILDKITE_TEST_ENGINE_PROMISE_FAILURE');
  if (!ours && !theirs) return { off: 'PROMISE_FAILURE is not set', dryRun: false };
  if (!env.BUILDKITE_JOB_ID) return { off: 'this is not a Buildkite job', dryRun: false };
  return { dryRun: false };
}

/** Reads one value after another and gathers what is wrong with them. */
class Reader {
  readonly problems: ConfigProblem[] = [];
  readonly #options: PromiseFailureOptions;
  readonly #env: Env;

  constructor(options: PromiseFailureOptions, env: Env) {
    this.#options = options;
    this.#env = env;
  }

  flag(option: 'debug' | undefined, variable: string, also = ''): boolean | undefined {
    const [field, value] = this.#pick(option, variable);
    if (value === undefined) return undefined;
    const word = String(value).trim().toLowerCase();
    if (yes.has(word)) return true;
    if (no.has(word)) return false;
    return this.#refuse(field, value, `true or false${also}`);
  }

  whole(
    option: 'exitStatus' | 'drainTimeoutMs' | 'outerRetries' | undefined,
    variable: string,
    least: number,
    most: number,
  ): number | undefined {
    const [field, value] = this.#pick(option, variable);
    if (value === undefined) return undefined;
    const number = typeof value === 'string' && /^\s*\d+\s*$/.test(value) ? Number(value) : value;
    if (typeof number === 'number' && Number.isInteger(number) && number >= least && number <= most) {
      return number;
    }
    return this.#refuse(field, value, `a whole number from ${least} to ${most}`);
  }

  text(option: 'exitWrapper' | 'mutedFile' | 'mutedSuite', variable: string): string | undefined {
    const [field, value] = this.#pick(option, variable);
    if (value === undefined || typeof value === 'string') return value;
    return this.#refuse(field, value, 'a text');
  }

  threshold(): Threshold {
    const [field, value] = this.#pick('threshold', 'PROMISE_FAILURE_THRESHOLD');
    if (value === undefined) return { count: 1 };
    const parsed = typeof value === 'string' || typeof value === 'number' ? parseThreshold(value) : undefined;
    if (parsed !== undefined) return parsed;
    this.#refuse(field, value, "a whole number from 1, or a share such as '5%' (above 0%, at most 100%)");
    return { count: 1 };
  }

  muted(): readonly MutedOption[] {
    const value: unknown = this.#options.muted;
    if (value === undefined) return [];
    if (Array.isArray(value) && value.every(isMutedOption)) return value;
    this.#refuse('muted', value, 'a list of patterns or of { scope, name }');
    return [];
  }

  /** The option if it is there, else the variable; an empty variable counts as unset. */
  #pick(option: keyof PromiseFailureOptions | undefined, variable: string): [string, unknown] {
    const chosen: unknown = option === undefined ? undefined : this.#options[option];
    if (option !== undefined && chosen !== undefined) return [option, chosen];
    const value = this.#env[variable];
    return [variable, value === '' ? undefined : value];
  }

  #refuse(field: string, value: unknown, expected: string): undefined {
    this.problems.push({ field, found: JSON.stringify(value) ?? String(value), expected });
    return undefined;
  }
}

function isMutedOption(value: unknown): value is MutedOption {
  if (typeof value === 'string') return value !== '';
  if (typeof value !== 'object' || value === null) return false;
  const { scope, name } = value as Record<string, unknown>;
  return typeof scope === 'string' && typeof name === 'string';
}
