import { isoTime } from '../clock.ts';
import type { Model } from '../model/model.ts';
import type { Build, Job } from '../model/types.ts';
import { person } from './account-json.ts';
import { graphqlId } from './graphql-id.ts';
import { jobJson, stateOf } from './job-json.ts';
import { pipelineJson } from './pipeline-json.ts';
import { buildUrl, buildWebUrl, type PipelinePlace } from './place.ts';

export { jobJson } from './job-json.ts';
export type { PipelinePlace } from './place.ts';

/** What of a build is written. */
export interface BuildView {
  /** @default all jobs */
  readonly jobs?: readonly Job[] | false;
  /** @default false */
  readonly withPipeline?: boolean;
  /** Counts of all jobs by their states, as get build alone has them. @default false */
  readonly withCounts?: boolean;
}

/** A build as REST and webhooks write it. Source: buildkite/docs pages/apis/rest_api/builds.md. */
export function buildJson(
  build: Build,
  place: PipelinePlace & { readonly model?: Model },
  view: BuildView | boolean,
) {
  const {
    jobs = build.jobs,
    withPipeline = false,
    withCounts = false,
  } = typeof view === 'boolean' ? { jobs: view ? build.jobs : (false as const) } : view;
  const { rebuiltFrom } = build;
  return {
    id: build.id,
    graphql_id: graphqlId('Build', build.id),
    url: buildUrl(build.number, place),
    web_url: buildWebUrl(build.number, place),
    number: build.number,
    state: build.state,
    cancel_reason: null,
    blocked: build.blocked,
    blocked_state: '',
    message: build.message,
    commit: build.commit,
    branch: build.branch,
    tag: null,
    env: build.env,
    source: 'api',
    author: build.author ?? { name: person.name, email: person.email },
    creator: person,
    created_at: isoTime(build.createdAt),
    scheduled_at: isoTime(build.createdAt),
    started_at: isoTime(build.startedAt),
    failing_at: isoTime(build.failingAt),
    finished_at: isoTime(build.finishedAt),
    meta_data: build.metaData,
    pull_request: build.pullRequest,
    rebuilt_from: rebuiltFrom && { ...rebuiltFrom, url: buildUrl(rebuiltFrom.number, place) },
    cluster_id: null,
    cluster_url: null,
    ...(withPipeline && { pipeline: pipelineJson(place) }),
    ...(withCounts && { job_state_counts: counts(build.jobs) }),
    ...(jobs !== false && { jobs: jobs.map((job) => jobJson(job, place)) }),
  };
}

function counts(jobs: readonly Job[]) {
  const states: Record<string, number> = {};
  for (const job of jobs) states[stateOf(job)] = (states[stateOf(job)] ?? 0) + 1;
  return { total: jobs.length, states };
}
