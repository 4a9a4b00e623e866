import type { Build, Job } from '../model/types.ts';

/** A duration for people: `850 ms`, `12.3 s`, `3 min 05 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.round(ms)} ms`;
  if (ms < 99_950) return `${(ms / 1000).toFixed(1)} s`;
  const seconds = Math.round(ms / 1000);
  return `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, '0')} s`;
}

/** The job's label with its place among parallel jobs and its number of retries. */
export function jobName({ step, parallel, retryCount }: Job): string {
  const place = parallel === null ? '' : ` ${parallel.index + 1}/${parallel.total}`;
  return `${step.label}${place}${retryCount > 0 ? ` (retry ${retryCount})` : ''}`;
}

/** How the job stands, in words; a finished job's exit status is the recorded one. */
export function jobResult(job: Job): string {
  const { state, passed, softFailed, exitStatus, reportedExitStatus, signal } = job;
  if (state !== 'finished') return state.replace('_', ' ');
  if (job.step.type === 'manual') return 'unblocked';
  if (passed) return 'passed';
  const reported = reportedExitStatus === exitStatus ? '' : `, reported ${reportedExitStatus}`;
  const how = signal === null ? `exit ${exitStatus}${reported}` : signal;
  const again = job.retriedInJobId === null ? '' : ', retried';
  return `${softFailed ? 'soft failed' : 'failed'} (${how}${again})`;
}

/** Milliseconds that the job runs or ran; null before it started. */
export function runningTime({ startedAt, finishedAt }: Job, now: number): number | null {
  return startedAt === null ? null : (finishedAt ?? now) - startedAt;
}

/** Milliseconds since the build began, for lines that tell when something happened. */
export function sinceStart({ startedAt, createdAt }: Build, at: number): number {
  return at - (startedAt ?? createdAt);
}

/** The jobs by their steps, a retry right after the job it repeats. */
export function inOrder({ jobs }: Build): readonly Job[] {
  const steps = [...new Set(jobs.map(({ step }) => step))];
  return steps.flatMap((step) => {
    const own = jobs.filter((job) => job.step === step);
    return own.toSorted((a, b) => (a.parallel?.index ?? 0) - (b.parallel?.index ?? 0));
  });
}

/** A promise's reason behind `prefix`, on one line and without control characters, which test names may hold. */
export function reasonAfter(prefix: string, reason: string | null): string {
  return reason === null ? '' : prefix + reason.replace(/[\p{Cc}\s]+/gu, ' ');
}
