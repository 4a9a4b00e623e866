import type { BuildReport, FailingJob } from '../build/build.ts';
import { maxFailingJobs } from '../build/failing-jobs.ts';
import { isFinished, rankOf } from '../build/status.ts';

/** How much a read knows of the failing jobs: `all` of them as they are now, or `none` (a list of builds). */
export type JobsKnown = 'all' | 'none';

/**
 * What is known after a read, which shows the build as it is: a build may recover from `failing`, and only its
 * first end stays for good. A state that is not known takes nothing back.
 */
export function mergeRead(known: BuildReport, seen: BuildReport, jobsKnown: JobsKnown): BuildReport {
  if (isFinished(known.status)) return known;
  if (seen.status === 'unknown' && known.status === 'failing') return known;
  const fails = seen.status === 'failing' || seen.status === 'failed';
  const failingJobs = jobsKnown === 'all' ? seen.failingJobs : known.failingJobs;
  const counts = known.jobCounts && { jobCounts: known.jobCounts };
  return { ...counts, ...seen, failingJobs: fails ? failingJobs : [] };
}

/**
 * What two events tell together. They come late, twice and in any order: the one that is further counts, and the
 * jobs of both.
 */
export function mergeEvents(known: BuildReport, seen: BuildReport): BuildReport {
  const [older, newer] = rankOf(seen.status) >= rankOf(known.status) ? [known, seen] : [seen, known];
  const jobs = new Map([...known.failingJobs, ...seen.failingJobs].map((job) => [job.id, job]));
  return { ...older, ...newer, failingJobs: [...jobs.values()].slice(0, maxFailingJobs) };
}

/** Only the event of a promise brings its reason: REST never tells it. */
export function withReasons(
  jobs: readonly FailingJob[],
  reasons: ReadonlyMap<string, string>,
): readonly FailingJob[] {
  return jobs.map((job) => {
    const reason = reasons.get(job.id);
    if (job.promised === undefined || reason === undefined) return job;
    return { ...job, promised: { ...job.promised, reason } };
  });
}
