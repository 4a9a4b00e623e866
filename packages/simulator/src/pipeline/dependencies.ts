import type { Build, Job, Step } from '../model/types.ts';
import { isOver } from '../model/verdicts.ts';

/** What the steps before a step say: run it, wait on, or it can never run. */
export type Readiness = 'ready' | 'waiting' | 'never';

/** Judges the steps that must have passed: a soft failure lets through, a failed or cancelled job does not. */
export function readinessOf(build: Build, before: readonly Step[]): Readiness {
  const jobs = build.jobs.filter((job) => before.includes(job.step) && job.retriedInJobId === null);
  if (jobs.some((job) => isOver(job) && !letsThrough(job))) return 'never';
  return jobs.every(isOver) ? 'ready' : 'waiting';
}

function letsThrough({ state, passed, softFailed }: Job): boolean {
  if (state === 'broken' || state === 'skipped') return true;
  return (state === 'finished' || state === 'timed_out') && (passed || softFailed);
}
