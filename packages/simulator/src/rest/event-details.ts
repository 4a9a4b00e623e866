import type { Build, Job } from '../model/types.ts';
import { person } from './account-json.ts';
import { graphqlId } from './graphql-id.ts';

const unblocker = { uuid: person.id, graphql_id: person.graphql_id, name: person.name };

/** A job as EventBridge has it. */
export function jobDetail(job: Job) {
  const words: Partial<Record<Job['state'], string>> = {
    running: job.promisedExitStatus === null ? 'started' : 'running',
  };
  const isScript = job.step.type === 'script';
  return {
    uuid: job.id,
    graphql_id: graphqlId('Job', job.id),
    type: job.step.type,
    label: job.step.label,
    step_key: job.step.key,
    command: isScript ? job.step.command : null,
    agent_query_rules: isScript ? job.step.agents : [],
    exit_status: job.exitStatus,
    signal_reason: job.signalReason,
    passed: job.passed && isScript,
    soft_failed: job.softFailed,
    state: words[job.state] ?? job.state,
    runnable_at: timeText(job.runnableAt),
    started_at: timeText(job.startedAt),
    finished_at: timeText(job.finishedAt),
    unblocked_by: !isScript && job.passed ? unblocker : null,
    retried_in_job_id: job.retriedInJobId,
    ...(job.promisedExitStatus !== null && {
      promised_exit_status: job.promisedExitStatus,
      promised_exit_status_at: timeText(job.promisedExitStatusAt),
    }),
  };
}

/** A build as EventBridge has it. */
export function buildDetail(build: Build) {
  return {
    uuid: build.id,
    graphql_id: graphqlId('Build', build.id),
    number: build.number,
    commit: build.commit,
    message: build.message,
    branch: build.branch,
    state: build.blocked ? 'blocked' : build.state === 'running' ? 'started' : build.state,
    blocked_state: build.blocked ? build.state : null,
    source: 'api',
    started_at: timeText(build.startedAt),
    failing_at: timeText(build.failingAt),
    finished_at: timeText(build.finishedAt),
    meta_data: build.metaData,
  };
}

/** `YYYY-MM-DD HH:MM:SS UTC`, or null. */
function timeText(at: number | null): string | null {
  return at === null ? null : `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}
