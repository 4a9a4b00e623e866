import type { Env } from '../env.ts';
import type { RunErrorKind, RunnerName } from '../vocabulary.ts';
import { type Ancestor, type Ancestors, programName } from './ancestors.ts';

/** Buildkite's own client around the runner: it runs failed tests again, and forgives muted ones. */
export interface Bktec {
  /** The process that runs the runner, if it is seen. */
  readonly process: Ancestor | undefined;
  /** How often it runs failed tests again, as far as that is known. */
  readonly retries: number;
  /** It is there, or its suite is set and it may be there unseen. */
  readonly likely: boolean;
  /** It may be there with retries that its flags tell and nobody here can read. */
  readonly hidden: boolean;
}

/** Also as the raw binary that a release has: `bktec_3.0.0_linux_amd64`, `test-engine-client-darwin-arm64`. */
const itsName = /^(bktec|test-engine-client)([-_.].*)?$/;

/** Whether a program of this file or name is bktec. */
export function isBktec(program: string): boolean {
  return itsName.test(programName(program));
}

/** What it cannot do without, unless its flags say it: where one is set, a bktec that is not seen is likely. */
const setUpBy = ['SUITE_SLUG', 'TEST_RUNNER', 'RESULT_PATH', 'RETRY_COUNT'].map(
  (name) => `BUILDKITE_TEST_ENGINE_${name}`,
);

/**
 * Looks at what the ancestors run and not at their arguments, where its name may stand for anything. Where none of
 * them is bktec, its variable is obeyed as long as bktec may be there unseen: under another name (it hands an upload
 * token on, if only an empty one) or outside of what this process can see (a container). Where the processes up to the
 * agent are known and no such token is there, nobody re-runs anything, whatever the variable says.
 * Source: buildkite/test-engine-client cli.go, internal/runner/command.go.
 */
export function findBktec(ancestors: Ancestors, env: Env): Bktec {
  const process = ancestors.seen.find(({ programs }) => programs.some(isBktec));
  const told = readCount(env.BUILDKITE_TEST_ENGINE_RETRY_COUNT);
  const variable = told ?? 0;
  if (process !== undefined) {
    return { process, likely: true, retries: readRetryFlag(process.argv) ?? variable, hidden: false };
  }
  const isSetUp = setUpBy.some((name) => env[name]);
  const renamed = env.BUILDKITE_ANALYTICS_TOKEN !== undefined;
  const possible = ancestors.end !== 'agent' || renamed;
  return {
    process,
    likely: possible && Boolean(env.BUILDKITE_TEST_ENGINE_SUITE_SLUG),
    retries: possible ? variable : 0,
    hidden: isSetUp && (ancestors.end === 'unreadable' || (ancestors.end === 'top' && told === undefined)),
  };
}

/**
 * Whether bktec exits 0 in spite of this error where every failed test is muted. Of a file without tests, and of
 * all that Playwright reports outside of tests, it makes an error of the run, which it never forgives.
 * Source: buildkite/test-engine-client internal/runner/jest.go, vitest.go, playwright.go.
 */
export function bktecForgives(runner: RunnerName, kind: RunErrorKind): boolean {
  return runner === 'playwright' ? kind === 'limit' : kind !== 'file';
}

/** The greatest, where it is given more than once: waiting is never wrong. */
function readRetryFlag(argv: readonly string[]): number | undefined {
  const counts = argv.flatMap((argument, at) => {
    const flag = /^--?(?:test-engine-retry-count|local-retry-count)(?:=(.*))?$/.exec(argument);
    return flag === null ? [] : [readCount(flag[1] ?? argv[at + 1]) ?? 0];
  });
  return counts.length === 0 ? undefined : Math.max(...counts);
}

function readCount(text: string | undefined): number | undefined {
  return text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined;
}
