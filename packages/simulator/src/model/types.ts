import type { ManualRetry, RetryRule, SoftFail } from './exit-rules.ts';

/** States of a build, in Buildkite's own words. */
export type BuildState = 'scheduled' | 'running' | 'failing' | 'passed' | 'failed' | 'canceling' | 'canceled';

/** States of a job. `finished` has the result in `passed` and `softFailed`; what follows it is an end, too. */
type JobState =
  | 'waiting'
  | 'blocked'
  | 'scheduled'
  | 'assigned'
  | 'accepted'
  | 'running'
  | 'canceling'
  | 'timing_out'
  | 'finished'
  | 'canceled'
  | 'timed_out'
  | 'waiting_failed'
  | 'expired'
  | 'broken'
  | 'skipped';

/** What a step asks of its jobs. */
export interface StepSpec {
  readonly label: string;
  readonly command: string;
  readonly key?: string | undefined;
  readonly softFail?: SoftFail | undefined;
  readonly automaticRetry?: readonly RetryRule[] | undefined;
  /** @default allowed, but for jobs that have passed */
  readonly manualRetry?: ManualRetry | undefined;
  /** Higher ones run first. @default 0 */
  readonly priority?: number | undefined;
  readonly cancelOnBuildFailing?: boolean | undefined;
  /** `manual` is a block step: nothing runs, and somebody has to unblock it. @default script */
  readonly type?: 'script' | 'manual' | undefined;
  /** Minutes after which a running job is cancelled as timed out. */
  readonly timeoutInMinutes?: number | undefined;
  /** Tags that an agent must have. @default ['queue=default'] */
  readonly agents?: readonly string[] | undefined;
}

/** An agent as its jobs name it. */
export interface JobAgent {
  readonly id: string;
  readonly name: string;
  readonly hostname: string;
  readonly version: string;
  readonly createdAt: number;
}

/** Whose an annotation is, and how it looks. */
export type AnnotationStyle = 'default' | 'success' | 'info' | 'warning' | 'error';

/** An annotation of a build, or of one of its jobs. */
export interface Annotation {
  readonly id: string;
  readonly context: string;
  readonly style: AnnotationStyle;
  /** Markdown as it was sent, appended parts included. */
  readonly body: string;
  readonly scope: 'build' | 'job';
  /** The job that a `job` annotation belongs to, else null. */
  readonly jobId: string | null;
  /** 1 to 10, 10 first. */
  readonly priority: number;
  readonly createdAt: number;
  readonly updatedAt: number;
}

/** A step of a build: all its parallel jobs and their retries share it. */
export interface Step {
  readonly id: string;
  readonly key: string | null;
  readonly label: string;
  readonly command: string;
  readonly softFail: SoftFail;
  readonly automaticRetry: readonly RetryRule[];
  readonly manualRetry: ManualRetry;
  readonly priority: number;
  readonly cancelOnBuildFailing: boolean;
  readonly type: 'script' | 'manual';
  readonly timeoutInMinutes: number | null;
  readonly agents: readonly string[];
}

/** What a job repeats, and at whose wish. */
interface RetrySource {
  readonly jobId: string;
  readonly type: 'automatic' | 'manual';
}

/** One job. Times are epoch milliseconds; null until they come. Only the model changes it. */
export interface Job {
  readonly id: string;
  readonly buildNumber: number;
  readonly step: Step;
  /** Index from 0 and total of a parallel step, else null. */
  readonly parallel: { readonly index: number; readonly total: number } | null;
  /** How often this job was retried before: 0 for the first. */
  readonly retryCount: number;
  /** The job that this one repeats, or null. */
  readonly retrySource: RetrySource | null;
  /** Higher ones run first. */
  readonly priority: number;
  readonly state: JobState;
  /** The recorded exit status: a binding promise may differ from what the process reported. */
  readonly exitStatus: number | null;
  /** What the process reported; -1 when a signal ended it. */
  readonly reportedExitStatus: number | null;
  readonly signal: string | null;
  /** Why a signal ended it, in the agent's words (`cancel`, `agent_lost`), or null. */
  readonly signalReason: string | null;
  /** Who runs it; null before it is assigned, and for the stand-in's jobs. */
  readonly agent: JobAgent | null;
  readonly passed: boolean;
  readonly softFailed: boolean;
  readonly promisedExitStatus: number | null;
  readonly promisedExitStatusAt: number | null;
  /** Not on Buildkite's job either: only the event carries it there. Kept here for the view and for tests. */
  readonly promisedReason: string | null;
  readonly createdAt: number;
  /** When its dependencies were met. */
  readonly runnableAt: number | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly retriedInJobId: string | null;
  /** How it came to be retried; null while it is not. */
  readonly retryType: 'automatic' | 'manual' | null;
}

/** Who is said to have made a change. */
export interface Author {
  readonly name: string;
  readonly email: string;
}

/** The pull request that a build is for. */
export interface PullRequest {
  readonly id: string;
  readonly base: string | null;
  readonly repository: string | null;
  readonly labels: readonly string[];
}

/** One build. Times are epoch milliseconds; null until they come. Only the model changes it. */
export interface Build {
  readonly id: string;
  readonly number: number;
  readonly state: BuildState;
  /** Waits at a block step; `state` is then the result so far. */
  readonly blocked: boolean;
  readonly message: string;
  readonly branch: string;
  readonly commit: string;
  readonly env: Readonly<Record<string, string>>;
  readonly metaData: Readonly<Record<string, string>>;
  readonly annotations: readonly Annotation[];
  /** The build that this one repeats, or null. */
  readonly rebuiltFrom: { readonly id: string; readonly number: number } | null;
  readonly author: Author | null;
  readonly pullRequest: PullRequest | null;
  readonly createdAt: number;
  readonly startedAt: number | null;
  /** First time the build turned failing; never cleared. */
  readonly failingAt: number | null;
  readonly finishedAt: number | null;
  /** No further job comes: the build ends with its last job. */
  readonly sealed: boolean;
  readonly jobs: readonly Job[];
}

/** What a new build is made of. */
export interface BuildSpec {
  /** @default a new one */
  readonly id?: string;
  readonly message?: string;
  readonly branch?: string;
  readonly commit?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly metaData?: Readonly<Record<string, string>>;
  readonly rebuiltFrom?: { readonly id: string; readonly number: number };
  readonly author?: Author | null;
  readonly pullRequest?: PullRequest | null;
}

/** What a new job is made of. `waiting` jobs wait for `schedule`. */
export interface JobSpec {
  readonly step: Step;
  readonly parallel?: { readonly index: number; readonly total: number } | undefined;
  readonly waiting?: boolean;
  /** A job that will never run, and fails nothing: its step is skipped, or not for this branch. */
  readonly never?: 'skipped' | 'broken' | undefined;
  /** Retries that have gone before; the default is 0. */
  readonly retryCount?: number | undefined;
  readonly retrySource?: RetrySource | undefined;
}

/** What was left on a build: an annotation as it is now (null once removed), or meta-data. */
export type BuildNote =
  | { readonly context: string; readonly annotation: Annotation | null }
  | { readonly metaData: Readonly<Record<string, string>> };

/** A change of a build; `build.changed` is a note on it. `build.scheduled`, `.running`, `.failing` and `.finished` are webhooks by that name. */
export interface BuildEvent {
  readonly type:
    | 'build.scheduled'
    | 'build.running'
    | 'build.failing'
    | 'build.recovered'
    | 'build.canceling'
    | 'build.changed'
    | 'build.finished';
  readonly at: number;
  readonly build: Build;
  /** Of `build.changed` alone. */
  readonly note?: BuildNote;
}

/** A change of a job; `job.activated` is a block step that was unblocked. `job.canceling` asks whoever runs the process to end it; Buildkite sends no webhook for it. */
export interface JobEvent {
  readonly type:
    | 'job.scheduled'
    | 'job.assigned'
    | 'job.reprioritized'
    | 'job.started'
    | 'job.canceling'
    | 'job.finished'
    | 'job.activated';
  readonly at: number;
  readonly build: Build;
  readonly job: Job;
}

/** A promise was accepted. It comes before the `build.failing` that it may cause. */
interface PromiseEvent {
  readonly type: 'job.promised_exit_status';
  readonly at: number;
  readonly build: Build;
  readonly job: Job;
  readonly reason: string | null;
}

/** Every change of the model. Builds and jobs in it are live: keep a copy of what must not change later. */
export type ModelEvent = BuildEvent | JobEvent | PromiseEvent;

/** What becomes of a promise. `repeated` is the same status again: accepted, and nothing changes. */
export type PromiseVerdict = 'accepted' | 'repeated' | 'different-status' | 'not-running';
