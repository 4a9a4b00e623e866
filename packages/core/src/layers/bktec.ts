import type { Env } from '../env.ts';
import type { Ancestor, Ancestors } from './ancestors.ts';

/** Buildkite's own client around the runner: it runs failed tests again, and forgives muted ones. */
export interface Bktec {
  /** The process that runs the runner, if it is seen. */
  readonly process: Ancestor | undefined;
  /** How often it runs failed tests again, as far as that is known. */
  readonly retries: number;
  /** It may be there with retries that its flags tell and nobody here can read. */
  readonly hidden: boolean;
}

/** Also as the raw binary that a release has: `bktec_3.0.0_linux_amd64`, `test-engine-client-darwin-arm64`. */
const itsName = /^(bktec|test-engine-client)([-_.].*)?$/;

/**
 * Looks at what the ancestors run and not at their arguments, where its name may stand for anything. Where none of
 * them is bktec, its variable is obeyed as long as bktec may be there unseen: under another name (it hands an upload
 * token on, if only an empty one) or outside of what this process can see (a container). Where the processes up to the
 * agent are known and no such token is there, nobody re-runs anything, whatever the variable says.
 * Source: buildkite/test-engine-client cli.go, internal/runner/command.go.
 */
export function findBktec(ancestors: Ancestors, env: Env): Bktec {
  const process = ancestors.seen.find(({ programs }) => programs.some((name) => itsName.test(name)));
  const variable = readCount(env.BUILDKITE_TEST_ENGINE_RETRY_COUNT) ?? 0;
  if (process !== undefined) {
    return { process, retries: readRetryFlag(process.argv) ?? variable, hidden: false };
  }
  const configured = Boolean(env.BUILDKITE_TEST_ENGINE_TEST_RUNNER) || variable > 0;
  const renamed = env.BUILDKITE_ANALYTICS_TOKEN !== undefined;
  const possible = ancestors.end !== 'agent' || renamed;
  return { process, retries: possible ? variable : 0, hidden: ancestors.end === 'unreadable' && configured };
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
