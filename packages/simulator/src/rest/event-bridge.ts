import { randomUUID } from 'node:crypto';
import type { Build, Job, ModelEvent } from '../model/types.ts';
import { pipelineJson } from './pipeline-json.ts';
import { startSender, type Webhooks } from './sender.ts';
import { authenticate, type WebhookSetup } from './webhooks.ts';

const detailTypes: Partial<Record<ModelEvent['type'], string>> = {
  'build.scheduled': 'Build Created',
  'build.running': 'Build Started',
  'build.failing': 'Build Failing',
  'build.finished': 'Build Finished',
  'job.scheduled': 'Job Scheduled',
  'job.started': 'Job Started',
  'job.finished': 'Job Finished',
  'job.activated': 'Job Activated',
  'job.promised_exit_status': 'Job Promised Exit Status',
};

/**
 * Sends a model's events in the form in which Buildkite puts them on EventBridge, straight to an address.
 * Source: buildkite/docs pages/pipelines/integrations/observability/amazon_eventbridge.md.
 */
export function startEventBridge(setup: WebhookSetup): Webhooks {
  const { model, url, deliver } = setup;
  return startSender({
    model,
    url,
    deliver,
    messageOf(event) {
      const type = detailTypes[event.type];
      if (type === undefined) return undefined;
      const body = JSON.stringify(envelope(type, event, setup));
      return { event: type, body, headers: () => authenticate(setup, body) };
    },
  });
}

function envelope(type: string, event: ModelEvent, { organization, ...place }: WebhookSetup) {
  const { id, slug } = pipelineJson({ ...place, organization });
  const isPromise = event.type === 'job.promised_exit_status';
  return {
    version: '0',
    id: randomUUID(),
    'detail-type': type,
    source: `aws.partner/buildkite.com/${organization}/simulator`,
    account: '000000000000',
    time: new Date(event.at).toISOString().replace(/\.\d+Z$/, 'Z'),
    region: 'us-east-1',
    resources: [],
    detail: {
      version: 1,
      ...(isPromise && { promised_exit_status_reason: event.reason }),
      ...('job' in event && { job: jobDetail(event.job) }),
      build: buildDetail(event.build),
      pipeline: { uuid: id, slug },
      organization: { uuid: '00000000-0000-4000-8000-000000000003', slug: organization },
    },
  };
}

function jobDetail(job: Job) {
  const words: Partial<Record<Job['state'], string>> = {
    running: job.promisedExitStatus === null ? 'started' : 'running',
  };
  return {
    uuid: job.id,
    type: job.step.type,
    label: job.step.label,
    step_key: job.step.key,
    command: job.step.command,
    exit_status: job.exitStatus,
    passed: job.passed && job.step.type === 'script',
    soft_failed: job.softFailed,
    state: words[job.state] ?? job.state,
    runnable_at: timeText(job.runnableAt),
    started_at: timeText(job.startedAt),
    finished_at: timeText(job.finishedAt),
    ...(job.promisedExitStatus !== null && {
      promised_exit_status: job.promisedExitStatus,
      promised_exit_status_at: timeText(job.promisedExitStatusAt),
    }),
  };
}

function buildDetail(build: Build) {
  return {
    uuid: build.id,
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
