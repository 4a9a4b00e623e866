import { isoTime } from '../clock.ts';
import type { Job } from '../model/types.ts';
import { person } from './account-json.ts';
import { agentJson } from './agent-json.ts';
import { graphqlId } from './graphql-id.ts';
import { buildUrl, buildWebUrl, type PipelinePlace } from './place.ts';

/** The state as REST names it. */
export function stateOf(job: Job): string {
  if (job.state !== 'finished') return job.state;
  if (job.step.type === 'manual') return 'unblocked';
  return job.passed ? 'passed' : 'failed';
}

/** A job as REST and webhooks write it: without a promise its two fields are absent, not null. */
export function jobJson(job: Job, place: PipelinePlace) {
  return job.step.type === 'manual' ? blockJson(job, place) : scriptJson(job, place);
}

function common(job: Job, place: PipelinePlace) {
  return {
    id: job.id,
    graphql_id: graphqlId('Job', job.id),
    step_key: job.step.key,
    state: stateOf(job),
    build_url: buildUrl(job.buildNumber, place),
    web_url: `${buildWebUrl(job.buildNumber, place)}#${job.id}`,
  };
}

function blockJson(job: Job, place: PipelinePlace) {
  const isOpen = job.state === 'blocked';
  return {
    ...common(job, place),
    type: 'manual',
    label: job.step.label,
    unblocked_by: job.finishedAt !== null && job.passed ? person : null,
    unblocked_at: isoTime(job.finishedAt),
    unblockable: isOpen,
    unblock_url: isOpen ? `${buildUrl(job.buildNumber, place)}/jobs/${job.id}/unblock` : null,
  };
}

function scriptJson(job: Job, place: PipelinePlace) {
  const url = `${buildUrl(job.buildNumber, place)}/jobs/${job.id}`;
  const isManual = job.retryType === 'manual';
  return {
    ...common(job, place),
    type: 'script',
    name: job.step.label,
    step: { id: job.step.id, signature: null },
    group_key: null,
    agent_query_rules: job.step.agents,
    priority: { number: job.priority },
    log_url: `${url}/log`,
    raw_log_url: `${url}/log.txt`,
    artifacts_url: `${url}/artifacts`,
    command: job.step.command,
    soft_failed: job.softFailed,
    exit_status: job.exitStatus,
    signal: job.signal,
    signal_reason: job.signalReason,
    artifact_paths: '',
    agent: job.agent && agentJson(job.agent, place),
    created_at: isoTime(job.createdAt),
    scheduled_at: isoTime(job.createdAt),
    runnable_at: isoTime(job.runnableAt),
    started_at: isoTime(job.startedAt),
    finished_at: isoTime(job.finishedAt),
    expired_at: job.state === 'expired' ? isoTime(job.finishedAt) : null,
    retried: job.retriedInJobId !== null,
    retried_in_job_id: job.retriedInJobId,
    retries_count: job.retryCount,
    retry_source: job.retrySource && { job_id: job.retrySource.jobId, retry_type: job.retrySource.type },
    retry_type: job.retriedInJobId === null ? null : isManual ? 'manual' : 'automatic',
    retried_by: isManual ? person : null,
    parallel_group_index: job.parallel?.index ?? null,
    parallel_group_total: job.parallel?.total ?? null,
    matrix: null,
    concurrency_wait_time_ms: 0,
    cluster_id: null,
    cluster_url: null,
    cluster_queue_id: null,
    cluster_queue_url: null,
    ...(job.promisedExitStatus !== null && {
      promised_exit_status: job.promisedExitStatus,
      promised_exit_status_at: isoTime(job.promisedExitStatusAt),
    }),
  };
}
