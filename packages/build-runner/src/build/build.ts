/**
 * A build's id: `<organization>/<pipeline>/<number>`. It is all the state there is: status and cancel need
 * nothing else, in this process or another.
 */
export type BuildId = string;

/**
 * Where a build stands. `failing`: still running, and certain to fail. `unknown`: a state this version does not
 * know; never taken for an end. Ends are `succeeded`, `failed` and `cancelled`.
 */
export type BuildStatus =
  | 'unknown'
  | 'accepted'
  | 'running'
  | 'failing'
  | 'succeeded'
  | 'failed'
  | 'cancelled';

/** A running job's promise. `reason` is known only where an event brought it: the REST API does not tell it. */
export interface JobPromise {
  readonly exitStatus: number;
  /** ISO 8601. */
  readonly at?: string;
  readonly reason?: string;
}

/** A job that makes its build fail: finished with a hard failure, or running with a promised one. */
export interface FailingJob {
  readonly id: string;
  readonly name: string;
  readonly stepKey?: string;
  /** The job's page, where its log is. */
  readonly url?: string;
  /** Buildkite's own word: a job that has promised is still `running`. */
  readonly state: string;
  readonly exitStatus?: number;
  readonly promised?: JobPromise;
  /** ISO 8601. */
  readonly startedAt?: string;
  /** ISO 8601. */
  readonly finishedAt?: string;
}

/** What is known of a build. All times are ISO 8601. */
export interface BuildReport {
  readonly id: BuildId;
  readonly status: BuildStatus;
  /** Buildkite's own word for the state. */
  readonly state: string;
  /** Waits for a person (a block step). Such a build is `running` or `failing`, never succeeded or failed. */
  readonly blocked: boolean;
  readonly url?: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly message?: string;
  /** The key given to `trigger`, where this package triggered the build. */
  readonly key?: string;
  /** The metadata given to `trigger`; empty for a build of other origin. */
  readonly metadata: Readonly<Record<string, string>>;
  /** At most 100. Complete after `status`; after an event, what the events have told so far. */
  readonly failingJobs: readonly FailingJob[];
  readonly createdAt?: string;
  readonly startedAt?: string;
  /** When the build first became failing. Never cleared, not even by a retry that passes. */
  readonly failingAt?: string;
  readonly finishedAt?: string;
}
