/** How a job has ended. */
export type JobEnd = 'passed' | 'failed' | 'timed out' | 'cancelled' | 'open';

/** A job that has failed or promised to. Times are milliseconds since the epoch. */
export interface JobFacts {
  readonly name: string;
  readonly url?: string | undefined;
  readonly end: JobEnd;
  /** Its failure does not count, or another job has taken its place. */
  readonly isForgiven: boolean;
  readonly exitStatus?: number | undefined;
  readonly startedAt?: number | undefined;
  readonly finishedAt?: number | undefined;
  readonly promised?: { readonly exitStatus: number; readonly at?: number | undefined } | undefined;
  /** Why nothing was promised, where that is known. */
  readonly held?: string | undefined;
}

/** A build that has ended, or what its jobs tell of it. */
export interface BuildFacts {
  /** `<organization>/<pipeline>/<number>`, or the name of a run without a build. */
  readonly id: string;
  readonly url?: string | undefined;
  readonly branch?: string | undefined;
  /** Absent where only its jobs are known. */
  readonly state?: string | undefined;
  readonly createdAt?: number | undefined;
  readonly startedAt?: number | undefined;
  readonly failingAt?: number | undefined;
  readonly finishedAt?: number | undefined;
  readonly jobs: readonly JobFacts[];
}
