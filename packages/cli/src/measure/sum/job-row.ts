import type { BuildFacts, JobFacts } from '../facts/facts.ts';

/**
 * What came of a job that failed or promised. `unmatched`: it promised a failure and did not end with it. `cancelled`: it
 * promised and was cancelled before its end, so that nothing can be said.
 */
type JobOutcome = 'kept' | 'unmatched' | 'cancelled' | 'not promised' | 'open';

/** A job in the measure. Durations are milliseconds, times ISO 8601. */
export interface JobRow {
  readonly build: string;
  readonly job: string;
  readonly url: string | null;
  readonly outcome: JobOutcome;
  readonly promisedExitStatus: number | null;
  readonly exitStatus: number | null;
  readonly startedAt: string | null;
  readonly promisedAt: string | null;
  readonly finishedAt: string | null;
  /** From the promise to the end. */
  readonly headStartMs: number | null;
  readonly ranMs: number | null;
  /** Why nothing was promised, where that is known. */
  readonly held: string | null;
}

/** Every job of a build that belongs into the measure: one whose failure was forgiven does so only if it promised. */
export function jobRows(build: BuildFacts): JobRow[] {
  return build.jobs
    .filter(({ promised, isForgiven }) => promised !== undefined || !isForgiven)
    .map((job) => ({
      ...{ build: build.id, job: job.name, url: job.url ?? null, outcome: outcomeOf(job) },
      ...{ promisedExitStatus: job.promised?.exitStatus ?? null, exitStatus: job.exitStatus ?? null },
      ...{
        startedAt: iso(job.startedAt),
        promisedAt: iso(job.promised?.at),
        finishedAt: iso(job.finishedAt),
      },
      ...{ headStartMs: between(job.promised?.at, job.finishedAt) },
      ...{ ranMs: between(job.startedAt, job.finishedAt), held: job.held ?? null },
    }));
}

/** A job that timed out has failed as it promised, whatever its exit status: the agent's signal has set that. */
function outcomeOf({ promised, end, exitStatus }: JobFacts): JobOutcome {
  if (promised === undefined) return end === 'open' ? 'open' : 'not promised';
  if (end === 'open' || end === 'cancelled') return end;
  if (end === 'timed out') return 'kept';
  return end === 'failed' && exitStatus === promised.exitStatus ? 'kept' : 'unmatched';
}

export function between(from: number | undefined, to: number | undefined): number | null {
  return from === undefined || to === undefined ? null : Math.max(0, to - from);
}

export function iso(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString();
}
