import { createHmac } from 'node:crypto';
import type { Model } from '../model/model.ts';
import type { ModelEvent } from '../model/types.ts';
import { person } from './account-json.ts';
import { buildJson, jobJson, type PipelinePlace } from './build-json.ts';
import { pipelineJson } from './pipeline-json.ts';
import { type Deliver, startSender, type Webhooks } from './sender.ts';

export type { Webhooks } from './sender.ts';

export interface WebhookSetup extends PipelinePlace {
  readonly model: Model;
  /** Where the webhooks go. */
  readonly url: string;
  readonly token: string;
  /** @default signature */
  readonly authentication?: 'signature' | 'token';
  /**
   * When to deliver an event: milliseconds after it, once for each. `[0]` in time, `[0, 0]` twice, `[500]` late
   * and so out of order, `[]` not at all. @default each when the one before it was answered
   */
  readonly deliver?: Deliver | undefined;
  /** Hears a delivery that was not answered with 2xx; `status` is undefined where none answered. */
  readonly onFailure?: ((status: number | undefined) => void) | undefined;
  /** The sender's clock in milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

const sent = new Set<ModelEvent['type']>([
  'build.scheduled',
  'build.running',
  'build.failing',
  'build.finished',
  'job.scheduled',
  'job.started',
  'job.finished',
  'job.activated',
  'job.promised_exit_status',
]);

/**
 * Sends a model's events as Buildkite does, each body as of its event. Source: buildkite/docs
 * pages/apis/webhooks/pipelines.md, pipelines/job_events.md, pipelines/build_events.md.
 */
export function startWebhooks(setup: WebhookSetup): Webhooks {
  return startSender({
    ...setup,
    messageOf(event) {
      if (!sent.has(event.type)) return undefined;
      const body = JSON.stringify(webhookJson(event, setup));
      const headers = () => ({ 'x-buildkite-event': event.type, ...authenticate(setup, body) });
      return { event: event.type, body, headers };
    },
  });
}

/** A build event carries no jobs, a job event its one job. */
function webhookJson(event: ModelEvent, place: PipelinePlace) {
  return {
    event: event.type,
    build: buildJson(event.build, place, false),
    pipeline: pipelineJson(place),
    ...('job' in event && { job: jobJson(event.job, place) }),
    ...('reason' in event && { promised_exit_status_reason: event.reason }),
    sender: { id: person.id, name: person.name },
  };
}

/** The headers by which a receiver knows that a body is genuine. */
export function authenticate(
  { token, authentication, now = Date.now }: Pick<WebhookSetup, 'token' | 'authentication' | 'now'>,
  body: string,
): Record<string, string> {
  if (authentication === 'token') return { 'x-buildkite-token': token };
  const timestamp = Math.floor(now() / 1000);
  const signature = createHmac('sha256', token).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-buildkite-signature': `timestamp=${timestamp},signature=${signature}` };
}
