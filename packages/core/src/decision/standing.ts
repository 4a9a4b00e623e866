import type { RunView } from '../job/job-ledger.ts';

/** What counts, over this run and the other runs of the job. */
export interface Counts {
  readonly testFailures: number;
  readonly runErrors: number;
  readonly total: number | undefined;
}

/**
 * Counts the failures of the job. With outer retries a failure counts once `outerRetries` + 1 runs have shown
 * it; without, each distinct one counts. A share is of the tests of all runs that have told their number.
 */
export function countFailures(own: RunView, others: readonly RunView[], outerRetries: number): Counts {
  const runs = [own, ...others];
  if (outerRetries > 0) {
    const family = runs.filter((run) => run.runner === own.runner && run.root === own.root);
    const shownOften = (has: (run: RunView) => boolean) => longestChain(family.filter(has)) > outerRetries;
    return {
      testFailures: countKeys(own.failed, (key) => shownOften((run) => counts(run, key))),
      runErrors: countKeys(own.runErrors, (key) => shownOften((run) => run.runErrors.has(key))),
      total: own.total,
    };
  }
  return {
    testFailures: distinct(runs.map((run) => [...run.failed.keys()].filter((key) => counts(run, key)))),
    runErrors: distinct(runs.map((run) => [...run.runErrors.keys()])),
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
 * The most runs that followed one another, each starting after the one before had ended. Runs side by side are
 * no retries of each other, and a run that never told its end is followed by none.
 */
function longestChain(runs: readonly RunView[]): number {
  const ordered = [...runs].sort((a, b) => (a.endedAt ?? Infinity) - (b.endedAt ?? Infinity));
  let length = 0;
  let lastEnd = -Infinity;
  for (const run of ordered) {
    if (run.startedAt < lastEnd) continue;
    length++;
    lastEnd = run.endedAt ?? Infinity;
  }
  return length;
}

function distinct(keys: readonly (readonly string[])[]): number {
  return new Set(keys.flat()).size;
}

function countKeys(keys: ReadonlyMap<string, unknown>, test: (key: string) => boolean): number {
  let count = 0;
  for (const key of keys.keys()) if (test(key)) count++;
  return count;
}
