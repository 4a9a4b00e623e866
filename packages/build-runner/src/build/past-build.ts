import { asFields, type Fields, present, text, time, whole } from '../rest/fields.ts';
import type { BuildId, JobPromise } from './build.ts';
import { readBuild } from './read-build.ts';

/** A job of a build that is over, or nearly: how it ended, whatever that was. */
export interface PastJob {
  readonly id: string;
  readonly name: string;
  readonly stepKey?: string;
  readonly url?: string;
  /** Buildkite's own word. */
  readonly state: string;
  readonly exitStatus?: number;
  readonly softFailed: boolean;
  /** Another job has taken its place. */
  readonly retried: boolean;
  readonly promised?: Omit<JobPromise, 'reason'>;
  /** ISO 8601. */
  readonly startedAt?: string;
  /** ISO 8601. */
  readonly finishedAt?: string;
}

/** A build of the past with all its script jobs, retried ones included. Times are ISO 8601. */
export interface PastBuild {
  readonly id: BuildId;
  readonly number: number;
  readonly state: string;
  readonly url?: string;
  readonly branch?: string;
  readonly createdAt?: string;
  readonly startedAt?: string;
  readonly failingAt?: string;
  readonly finishedAt?: string;
  readonly jobs: readonly PastJob[];
}

/** Reads one build of a list; undefined when it is none. */
export function readPastBuild(build: unknown, organization: string, pipeline: string): PastBuild | undefined {
  const fields = asFields(build);
  const report = readBuild(build, organization, pipeline);
  const number = whole(fields?.number);
  if (report === undefined || number === undefined) return undefined;
  const { id, state, url, branch, createdAt, startedAt, failingAt, finishedAt } = report;
  const jobs = Array.isArray(fields?.jobs) ? fields.jobs : [];
  return {
    ...{ id, number, state, jobs: jobs.flatMap((job) => readPastJob(asFields(job)) ?? []) },
    ...present({ url, branch, createdAt, startedAt, failingAt, finishedAt }),
  };
}

function readPastJob(fields: Fields | undefined): PastJob | undefined {
  const id = text(fields?.id);
  const state = text(fields?.state);
  if (fields === undefined || id === undefined || state === undefined || fields.type !== 'script')
    return undefined;
  return {
    ...{ id, state, name: text(fields.name) ?? text(fields.command) ?? id },
    softFailed: fields.soft_failed === true,
    retried: fields.retried === true || text(fields.retried_in_job_id) !== undefined,
    ...present({
      ...{ stepKey: text(fields.step_key), url: text(fields.web_url), exitStatus: whole(fields.exit_status) },
      ...{ promised: readPromise(fields) },
      ...{ startedAt: time(fields.started_at), finishedAt: time(fields.finished_at) },
    }),
  };
}

function readPromise(fields: Fields): PastJob['promised'] {
  const exitStatus = whole(fields.promised_exit_status);
  if (exitStatus === undefined || exitStatus === 0) return undefined;
  return present({ exitStatus, at: time(fields.promised_exit_status_at) });
}
