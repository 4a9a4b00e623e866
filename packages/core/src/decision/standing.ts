import type { RunView } from '../job/job-ledger.ts';

/** What counts, over this run and the other runs of the job. */
export interface Counts {
  readonly testFailures: number;
  /** Those that stand by themselves, and those that muted tests may account for. */
  readonly runErrors: number;
  readonly weakRunErrors: number;
  /** Failures in earlier runs of the same bktec process that are muted, or may be. */
  readonly mutedBefore: number;
  /** Failures of this run that a further run of the runner may make good. */
  readonly awaitingRetry: number;
  readonly total: number | undefined;
}

/**
 * Counts the failures of the job. With outer retries a failure counts once `outerRetries` + 1 runs in a row have
 * shown it; without, each distinct one counts. A share is of the tests of all runs that have told their number.
 * Of other runs' errors only those count that stand by themselves: what mutes them is not known here.
 */
export function countFailures(own: RunView, others: readonly RunView[], outerRetries: number): Counts {
  const mutedBefore = countMutedBefore(own, others);
  if (outerRetries > 0) {
    const earlier = latestFirst(others.filter((run) => isOfFamily(run, own)));
    const shown = (key: string) => runsInARow(own, earlier, key) > outerRetries;
    const tests = [...own.failed.keys()].filter((key) => counts(own, key));
    const errors = [...own.runErrors.keys()];
    const certain = errors.filter(shown);
    const testFailures = tests.filter(shown).length;
    return {
      testFailures,
      runErrors: certain.filter((key) => !own.weak.has(key)).length,
      weakRunErrors: certain.filter((key) => own.weak.has(key)).length,
      mutedBefore,
      awaitingRetry: tests.length - testFailures + errors.length - certain.length,
      total: own.total,
    };
  }
  const runs = [own, ...others];
  return {
    testFailures: distinct(runs.map((run) => [...run.failed.keys()].filter((key) => counts(run, key)))),
    runErrors: distinct(runs.map((run) => [...run.runErrors.keys()].filter((key) => !run.weak.has(key)))),
    weakRunErrors: own.weak.size,
    mutedBefore,
    awaitingRetry: 0,
    total: runs.every((run) => run.total !== undefined)
      ? runs.reduce((sum, run) => sum + (run.total ?? 0), 0)
      : undefined,
  };
}

/** A failure counts unless it is known to be muted; this run's own unknowns are the decision's business. */
function counts(run: RunView, key: string): boolean {
  return run.failed.get(key)?.muted === false;
}

/**
 * bktec adds its attempts up: a muted test that failed in an earlier one, and was not run again, still is among the
 * failed tests that it forgives at the end (test-engine-client internal/runner/run_result.go).
 */
function countMutedBefore(own: RunView, others: readonly RunView[]): number {
  if (own.family === '') return 0;
  const before = others.filter((run) => isOfFamily(run, own)).flatMap((run) => [...run.failed.values()]);
  return before.filter(({ muted }) => muted !== false).length;
}

function isOfFamily(run: RunView, own: RunView): boolean {
  return run.runner === own.runner && run.root === own.root && run.family === own.family;
}

/**
 * How many runs in a row, this one the last, have shown a failure: each of the same family, ended before the next one
 * started. A run that does not show it ends the row, for there the test passed; one that never told its end is passed
 * over, as it may still be running.
 */
function runsInARow(own: RunView, family: readonly EndedRun[], key: string): number {
  let length = 1;
  let { startedAt } = own;
  for (const run of family) {
    if (run.endedAt > startedAt) continue;
    if (!counts(run, key) && !run.runErrors.has(key)) break;
    length++;
    startedAt = run.startedAt;
  }
  return length;
}

type EndedRun = RunView & { readonly endedAt: number };

function latestFirst(runs: readonly RunView[]): readonly EndedRun[] {
  return runs
    .flatMap((run) => (run.endedAt === undefined ? [] : [{ ...run, endedAt: run.endedAt }]))
    .sort((a, b) => b.endedAt - a.endedAt);
}

function distinct(keys: readonly (readonly string[])[]): number {
  return new Set(keys.flat()).size;
}
