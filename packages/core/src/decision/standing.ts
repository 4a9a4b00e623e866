import type { RunView } from '../job/job-ledger.ts';

/** This run, as far as it is counted with others. */
export interface OwnRun extends Pick<RunView, 'runner' | 'root' | 'family' | 'startedAt' | 'total'> {
  /** Tests that have failed and are not muted; `isHard` tells by its key whether one is among them. */
  readonly hard: number;
  isHard(key: string): boolean;
  readonly runErrors: ReadonlyMap<string, string>;
  readonly weak: ReadonlySet<string>;
}

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
export function countFailures(own: OwnRun, others: readonly RunView[], outerRetries: number): Counts {
  const mutedBefore = countMutedBefore(own, others);
  if (outerRetries > 0) {
    const earlier = latestFirst(others.filter((run) => isOfFamily(run, own)));
    const shown = (key: string) => runsInARow(own, earlier, key) > outerRetries;
    const errors = [...own.runErrors.keys()];
    const certain = errors.filter(shown);
    // What this run alone has seen was not shown before.
    const before = new Set(earlier.flatMap((run) => [...run.failed.keys()]));
    const testFailures = [...before].filter((key) => own.isHard(key) && shown(key)).length;
    return {
      testFailures,
      runErrors: certain.filter((key) => !own.weak.has(key)).length,
      weakRunErrors: certain.filter((key) => own.weak.has(key)).length,
      mutedBefore,
      awaitingRetry: own.hard - testFailures + errors.length - certain.length,
      total: own.total,
    };
  }
  const runs = [own, ...others];
  return {
    testFailures:
      own.hard +
      countKeys(
        others,
        (run) => run.failed,
        (run, key) => counts(run, key) && !own.isHard(key),
      ),
    runErrors: countKeys(
      runs,
      (run) => run.runErrors,
      (run, key) => !run.weak.has(key),
    ),
    weakRunErrors: own.weak.size,
    mutedBefore,
    awaitingRetry: 0,
    total: runs.every((run) => run.total !== undefined)
      ? runs.reduce((sum, run) => sum + (run.total ?? 0), 0)
      : undefined,
  };
}

/** A failure of another run counts where it is known not to be muted. */
function counts(run: RunView, key: string): boolean {
  return run.failed.get(key)?.muted === false;
}

/**
 * bktec adds its attempts up: a muted test that failed in an earlier one, and was not run again, still is among the
 * failed tests that it forgives at the end (test-engine-client internal/runner/run_result.go).
 */
function countMutedBefore(own: OwnRun, others: readonly RunView[]): number {
  if (own.family === '') return 0;
  const before = others.filter((run) => isOfFamily(run, own)).flatMap((run) => [...run.failed.values()]);
  return before.filter(({ muted }) => muted !== false).length;
}

function isOfFamily(run: RunView, own: OwnRun): boolean {
  return run.runner === own.runner && run.root === own.root && run.family === own.family;
}

/**
 * How many runs in a row, this one the last, have shown a failure: each of the same family, ended before the next one
 * started. A run that does not show it ends the row, for there the test passed; one that never told its end is passed
 * over, as it may still be running.
 */
function runsInARow(own: OwnRun, family: readonly EndedRun[], key: string): number {
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

/** How many different keys count in any of the runs. Asked for again and again in a storm, so no list is made of them. */
function countKeys<Run>(
  runs: readonly Run[],
  mapOf: (run: Run) => ReadonlyMap<string, unknown>,
  isCounted: (run: Run, key: string) => boolean,
): number {
  const counted = new Set<string>();
  for (const run of runs) {
    for (const key of mapOf(run).keys()) if (isCounted(run, key)) counted.add(key);
  }
  return counted.size;
}
