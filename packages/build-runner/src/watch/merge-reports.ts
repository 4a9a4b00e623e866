import type { BuildReport, FailingJob } from '../build/build.ts';
import { maxFailingJobs } from '../build/failing-jobs.ts';
import { isFinished, rankOf } from '../build/status.ts';

/**
 * How much a report knows of the failing jobs: `all` of them as they are now, `some` of them at some time (an
 * event), or `none` (a list of builds).
 */
export type JobsKnown = 'all' | 'some' | 'none';

/**
 * What is known after one more report, in whatever order reports come: the first end stays for good, and a
 * report from before what is known adds its jobs and changes nothing else.
 */
export function mergeReports(known: BuildReport, seen: BuildReport, jobsKnown: JobsKnown): BuildReport {
  if (isFinished(known.status)) return known;
  const further = rankOf(seen.status) >= rankOf(known.status) || isNewlyUnknown(known, seen, jobsKnown);
  const [older, newer] = further ? [known, seen] : [seen, known];
  return { ...older, ...newer, failingJobs: mergeJobs(known.failingJobs, seen.failingJobs, jobsKnown) };
}

/** Only an answer that shows the build as it is now can lead to a state that has no place in the order. */
function isNewlyUnknown(known: BuildReport, seen: BuildReport, jobsKnown: JobsKnown): boolean {
  return seen.status === 'unknown' && jobsKnown !== 'some' && known.status !== 'failing';
}

function mergeJobs(known: readonly FailingJob[], seen: readonly FailingJob[], jobsKnown: JobsKnown) {
  if (jobsKnown === 'none') return known;
  const merged = new Map(jobsKnown === 'some' ? known.map((job) => [job.id, job]) : []);
  const before = new Map(known.map((job) => [job.id, job]));
  for (const job of seen) merged.set(job.id, mergeJob(before.get(job.id), job));
  return [...merged.values()].slice(0, maxFailingJobs);
}

/** Only the event of a promise brings its reason; what comes after must not lose it. */
function mergeJob(known: FailingJob | undefined, seen: FailingJob): FailingJob {
  if (known === undefined) return seen;
  const [older, newer] = known.finishedAt && !seen.finishedAt ? [seen, known] : [known, seen];
  const promised = older.promised || newer.promised ? { ...older.promised, ...newer.promised } : undefined;
  const exitStatus = promised?.exitStatus;
  return { ...older, ...newer, ...(exitStatus !== undefined && { promised: { ...promised, exitStatus } }) };
}
