import { randomUUID } from 'node:crypto';
import type { ModelEvent } from '../model/types.ts';
import { buildDetail, jobDetail } from './event-details.ts';
import { organizationJson, pipelineJson } from './pipeline-json.ts';
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
  return startSender({
    ...setup,
    messageOf(event) {
      const type = detailTypes[event.type];
      if (type === undefined) return undefined;
      const body = JSON.stringify(envelope(type, event, setup));
      return { event: type, body, headers: () => authenticate(setup, body) };
    },
  });
}

function envelope(type: string, event: ModelEvent, { organization, ...place }: WebhookSetup) {
  const { id, slug, graphql_id, repository } = pipelineJson({ ...place, organization });
  const owner = organizationJson({ ...place, organization });
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
      pipeline: { uuid: id, graphql_id, slug, repo: repository },
      organization: { uuid: owner.id, graphql_id: owner.graphql_id, slug: organization },
      ...('job' in event && event.job.agent !== null && { agent: { uuid: event.job.agent.id } }),
    },
  };
}
