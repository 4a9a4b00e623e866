import { isoTime } from '../clock.ts';
import type { Build, Job } from '../model/types.ts';

/** Where a pipeline's builds are: what REST and webhooks need to name them. */
export interface PipelinePlace {
  readonly organization: string;
  readonly pipeline: string;
  /** Base of the REST addresses in answers. @default https://api.buildkite.com/v2 */
  readonly apiUrl?: string;
  /** Base of the pages in answers. @default https://buildkite.com */
  readonly webUrl?: string;
}

/** A build as REST and webhooks write it. Source: buildkite/docs pages/apis/rest_api/builds.md. */
export function buildJson(build: Build, place: PipelinePlace, withJobs: boolean) {
  const { apiUrl = 'https://api.buildkite.com/v2' } = place;
  return {
    id: build.id,
    url: `${apiUrl}/organizations/${place.organization}/pipelines/${place.pipeline}/builds/${build.number}`,
    web_url: webUrlOf(build.number, place),
    number: build.number,
    state: build.state,
    blocked: build.blocked,
    message: build.message,
    commit: build.commit,
    branch: build.branch,
    env: build.env,
    source: 'api',
    created_at: isoTime(build.createdAt),
    scheduled_at: isoTime(build.createdAt),
    started_at: isoTime(build.startedAt),
    failing_at: isoTime(build.failingAt),
    finished_at: isoTime(build.finishedAt),
    meta_data: build.metaData,
    ...(withJobs && { jobs: build.jobs.map((job) => jobJson(job, place)) }),
  };
}

/** A job as REST and webhooks write it: without a promise its two fields are absent, not null. */
export function jobJson(job: Job, place: PipelinePlace) {
  return {
    id: job.id,
    type: 'script',
    name: job.step.label,
    step_key: job.step.key,
    state: job.state === 'finished' ? (job.passed ? 'passed' : 'failed') : job.state,
    web_url: `${webUrlOf(job.buildNumber, place)}#${job.id}`,
    command: job.step.command,
    soft_failed: job.softFailed,
    exit_status: job.exitStatus,
    signal: job.signal,
    started_at: isoTime(job.startedAt),
    finished_at: isoTime(job.finishedAt),
    retried: job.retriedInJobId !== null,
    retried_in_job_id: job.retriedInJobId,
    parallel_group_index: job.parallel?.index ?? null,
    parallel_group_total: job.parallel?.total ?? null,
    ...(job.promisedExitStatus !== null && {
      promised_exit_status: job.promisedExitStatus,
      promised_exit_status_at: isoTime(job.promisedExitStatusAt),
    }),
  };
}

function webUrlOf(
  number: number,
  { webUrl = 'https://buildkite.com', organization, pipeline }: PipelinePlace,
) {
  return `${webUrl}/${organization}/${pipeline}/builds/${number}`;
}
