import { createHmac } from 'node:crypto';
import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Model } from '../model/model.ts';
import type { ModelEvent } from '../model/types.ts';
import { buildJson, jobJson, type PipelinePlace } from './build-json.ts';

export interface WebhookSetup extends PipelinePlace {
  readonly model: Model;
  /** Where the webhooks go. */
  readonly url: string;
  readonly token: string;
  /** @default signature */
  readonly authentication?: 'signature' | 'token';
  /**
   * When to deliver an event: milliseconds after it, once for each. `[0]` in time, `[0, 0]` twice, `[500]` late
   * and so out of order, `[]` not at all. @default [0]
   */
  readonly deliver?: (event: ModelEvent) => readonly number[];
  /** The sender's clock in milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** The status that each delivery was answered with; undefined for none. */
interface WebhookDelivery {
  readonly event: string;
  readonly status: number | undefined;
}

export interface Webhooks {
  readonly deliveries: readonly WebhookDelivery[];
  /** Sends no more, and resolves when what is under way has arrived. */
  close(): Promise<void>;
}

const sent = new Set<ModelEvent['type']>([
  'build.scheduled',
  'build.running',
  'build.failing',
  'build.finished',
  'job.scheduled',
  'job.started',
  'job.finished',
  'job.promised_exit_status',
]);

/**
 * Sends a model's events as Buildkite does, each body as of its event. Source: buildkite/docs
 * pages/apis/webhooks/pipelines.md, pipelines/job_events.md, pipelines/build_events.md.
 */
export function startWebhooks(setup: WebhookSetup): Webhooks {
  const deliveries: WebhookDelivery[] = [];
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const underWay = new Set<Promise<void>>();

  async function deliver(event: string, body: string, afterMs: number): Promise<void> {
    if (afterMs > 0) await sleep(afterMs, undefined, { signal: stop.signal });
    const status = await post(setup, event, body);
    deliveries.push({ event, status });
  }

  const unsubscribe = setup.model.subscribe((event) => {
    if (!sent.has(event.type)) return;
    const body = JSON.stringify(webhookJson(event, setup));
    for (const afterMs of setup.deliver?.(event) ?? [0]) {
      const delivery = deliver(event.type, body, afterMs)
        .catch(() => {})
        .finally(() => underWay.delete(delivery));
      underWay.add(delivery);
    }
  });
  return {
    deliveries,
    async close() {
      unsubscribe();
      stop.abort();
      await Promise.all(underWay);
    },
  };
}

/** A build event carries no jobs, a job event its one job. */
function webhookJson(event: ModelEvent, place: PipelinePlace) {
  return {
    event: event.type,
    build: buildJson(event.build, place, false),
    pipeline: { slug: place.pipeline },
    ...('job' in event && { job: jobJson(event.job, place) }),
    ...('reason' in event && { promised_exit_status_reason: event.reason }),
    sender: { id: 'simulator', name: 'Simulator' },
  };
}

async function post(setup: WebhookSetup, event: string, body: string): Promise<number | undefined> {
  const headers = {
    'content-type': 'application/json',
    'x-buildkite-event': event,
    ...authenticate(setup, body),
  };
  try {
    return (await fetch(setup.url, { method: 'POST', headers, body })).status;
  } catch {
    return undefined;
  }
}

function authenticate({ token, authentication, now = Date.now }: WebhookSetup, body: string) {
  if (authentication === 'token') return { 'x-buildkite-token': token };
  const timestamp = Math.floor(now() / 1000);
  const signature = createHmac('sha256', token).update(`${timestamp}.${body}`).digest('hex');
  return { 'x-buildkite-signature': `timestamp=${timestamp},signature=${signature}` };
}
