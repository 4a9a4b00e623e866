import { durationText } from '../../duration.ts';
import type { JobRow } from '../sum/job-row.ts';
import type { Measure, MeasureSource } from '../sum/measure.ts';

/** What was measured, in one line. */
export function sourceText(source: MeasureSource, builds: Measure['builds']): string {
  if (source.type === 'files') {
    const dry = source.dryRuns === 0 ? '' : `, ${source.dryRuns} of dry runs, in which nothing was sent`;
    return `${many(source.files, 'evidence file')} of ${many(builds.known, 'build')}${dry}`;
  }
  const { pipeline, branch, from, to } = source;
  const where = branch === null ? '' : `, branch ${branch}`;
  const ended = `${many(builds.known, 'build')} ended, ${builds.failed} failed`;
  const recovered = builds.recovered ? `, ${builds.recovered} recovered after they were failing` : '';
  return `${pipeline}${where}, ${from.slice(0, 10)} to ${to.slice(0, 10)}: ${ended}${recovered}`;
}

/** What a promise said and what came of it. */
export function unmatchedText({ build, job, promisedExitStatus, exitStatus }: JobRow): string {
  const ended = exitStatus === null ? 'ended without one' : `ended with ${exitStatus}`;
  return `${build} ${job}: promised exit status ${promisedExitStatus}, ${ended}`;
}

/** What the sums leave out, a sentence each. */
export function leftOutTexts({ cancelled, open }: Measure['jobs']): string[] {
  return [
    ...(cancelled === 0
      ? []
      : [`${many(cancelled, 'job')} promised and was cancelled before its end: not counted.`]),
    ...(open === 0 ? [] : [`${many(open, 'run')} left no end: not counted.`]),
  ];
}

export function durationOrDash(ms: number | null): string {
  return ms === null ? '-' : durationText(ms);
}

/** Hours with one digit; two where that would be nothing. */
export function hoursText(ms: number): string {
  const hours = ms / 3_600_000;
  return hours >= 0.05 || hours === 0 ? hours.toFixed(1) : hours.toFixed(2);
}

export function many(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
