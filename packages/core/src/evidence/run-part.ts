import type { RunnerName } from '../vocabulary.ts';
import { cleanTitle, type Redact } from './clean-text.ts';
import type { Collected } from './collected.ts';
import type { Part } from './part.ts';

/** What stays the same while a run goes on. `toEpoch` turns monotonic milliseconds into those since the epoch. */
export interface RunFacts {
  readonly runner: RunnerName;
  readonly root: string;
  readonly cwd: string;
  readonly flags: readonly string[];
  readonly outerRetries: number;
  readonly family: string;
  readonly dryRun: boolean;
  /** Monotonic milliseconds. */
  readonly startedAt: number;
  readonly toEpoch: (ms: number) => number;
  readonly redact: Redact;
}

/** How the run stands with Buildkite. */
export interface RunStands {
  readonly certain: boolean;
  readonly promise?:
    | {
        readonly exitStatus: number;
        /** Monotonic milliseconds. */
        readonly at: number;
        readonly by: NonNullable<Part['promise']>['channel'];
        readonly outcome: 'declared' | 'debounced';
      }
    | undefined;
  readonly because?: string | undefined;
  readonly heldBy?: string | undefined;
  readonly hard: number;
  readonly muted: { readonly count: number; readonly names: readonly string[] };
  readonly contradicted: { readonly count: number };
}

/** What a run has to tell at this moment. */
export function describePart(run: RunFacts, collected: Collected, stands: RunStands): Part {
  const { runner, root, cwd, outerRetries, family, dryRun, startedAt, toEpoch, redact } = run;
  const { promise, because = 'no answer from Buildkite yet', heldBy, hard, muted, contradicted } = stands;
  const { tests, errors } = collected;
  return {
    ...{ runner, root, cwd, outerRetries, family, dryRun },
    flags: run.flags.map(redact),
    process: process.pid,
    startedAt: toEpoch(startedAt),
    finishedAt: collected.endedAt === undefined ? null : toEpoch(collected.endedAt),
    exitStatus: collected.exitStatus ?? null,
    certain: stands.certain,
    promise:
      promise === undefined
        ? null
        : {
            exitStatus: promise.exitStatus,
            at: toEpoch(promise.at),
            channel: promise.by,
            outcome: promise.outcome,
          },
    held: promise === undefined ? { because, by: heldBy ?? null } : null,
    counts: { hard, muted: muted.count, flaky: collected.flaky, contradicted: contradicted.count },
    tests,
    testsOmitted: Math.max(0, hard - tests.length - errors.shown.length - errors.omitted),
    errors: errors.shown,
    errorsOmitted: errors.omitted,
    mutedTests: muted.names.map((name) => cleanTitle(name, redact)),
  };
}
