import { isRetried, isSoft } from './exit-rules.ts';
import type { Build, BuildState, Job } from './types.ts';

const ends: ReadonlySet<Job['state']> = new Set([
  'finished',
  'canceled',
  'timed_out',
  'waiting_failed',
  'expired',
  'broken',
  'skipped',
] as const);

/** Whether nothing more happens to the job. */
export function isOver(job: Job): boolean {
  return ends.has(job.state);
}

/** Whether `exitStatus` of this job counts against the build: neither soft nor retried. */
function isHard(job: Job, exitStatus: number): boolean {
  if (exitStatus === 0 || isSoft(job.step.softFail, exitStatus)) return false;
  return !isRetried(job.step.automaticRetry, exitStatus, job.retryCount);
}

/** Whether the job fails its build for certain: by its end, or by a promise if promises count. */
export function failsBuild(job: Job, countPromises: boolean): boolean {
  if (job.retriedInJobId !== null) return false;
  if (job.state === 'waiting_failed' || job.state === 'expired') return true;
  if (job.state === 'finished' || job.state === 'timed_out') return !job.passed && !job.softFailed;
  return countPromises && job.promisedExitStatus !== null && isHard(job, job.promisedExitStatus);
}

/** The state a build ends in once all its jobs are over. */
export function finalState(build: Build, cancelRequested: boolean): BuildState {
  if (cancelRequested) return 'canceled';
  if (build.jobs.some((job) => failsBuild(job, false))) return 'failed';
  const alone = build.jobs.filter((job) => job.retriedInJobId === null);
  return alone.some((job) => job.state === 'canceled') ? 'canceled' : 'passed';
}
