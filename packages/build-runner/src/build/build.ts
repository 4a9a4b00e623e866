/**
 * A build's id: `<organization>/<pipeline>/<number>`. It is all the state there is: status and cancel need
 * nothing else, in this process or another.
 */
export type BuildId = string;

/**
 * Where a build stands. `failing`: still running, and certain to fail. `unknown`: a state this version does not
 * know; never taken for an end. `skipped`: ended without having run (Buildkite's `skipped` and `not_run`). Ends are
 * `succeeded`, `failed`, `cancelled` and `skipped`.
 */
export type BuildStatus =
  | 'unknown'
  | 'accepted'
  | 'running'
  | 'failing'
  | 'succeeded'
  | 'failed'
  | 'cancelled'
  | 'skipped';

/** How far a build's jobs are, all of them counted. */
export interface JobCounts {
  readonly total: number;
  /** By Buildkite's own words for the state of a job. */
  readonly states: Readonly<Record<string, number>>;
}

/** A running job's promise. `reason` is known only where an event brought it: the REST API does not tell it. */
export interface JobPromise {
  readonly exitStatus: number;
  /** ISO 8601. */
  readonly at?: string;
  readonly reason?: string;
}

/**
 * A job that makes its build fail: finished with a hard failure (timed out and expired ones included), or running
 * with a promised one.
 */
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
  /** The attempt given to `trigger`, 1 where none was; absent where `key` is. */
  readonly attempt?: number;
  /** Known only where the build was read alone, not in a list of builds or from an event. */
  readonly jobCounts?: JobCounts;
  /**
   * At most 100; empty unless the build is failing or failed. Retried jobs do not count, nor does a promise of a
   * job that was cancelled. Complete in what `status` and a watcher tell; an event names the one job that it is of.
   */
  readonly failingJobs: readonly FailingJob[];
  readonly createdAt?: string;
  readonly startedAt?: string;
  /** When the build first became failing. Never cleared, not even by a retry that passes. */
  readonly failingAt?: string;
  readonly finishedAt?: string;
}
