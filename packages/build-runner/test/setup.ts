import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createModel, createStep, type Job, type Model, systemClock } from '@promise-failure/simulator';
import {
  type RestApi,
  type RestApiSetup,
  startRestApi,
  startWebhooks,
  type WebhookSetup,
} from '@promise-failure/simulator/rest';
import { onTestFinished } from 'vitest';
import { createReceiver, type Watcher } from '../src/index.ts';
import { mountReceiver } from '../src/webhook/node-receiver.ts';

export const place = { organization: 'acme', pipeline: 'app' };
export const webhookToken = 'webhook-token';

/** A model behind a REST API, closed with the test. */
export async function startBuildkite(
  setup: Partial<RestApiSetup> = {},
): Promise<{ model: Model; api: RestApi }> {
  const model = createModel({ clock: systemClock });
  const api = await startRestApi({ ...place, model, ...setup });
  onTestFinished(() => api.close());
  return { model, api };
}

/** A build with one running job. */
export function startBuild(
  model: Model,
  metaData: Record<string, string> = {},
): { id: string; number: number; job: Job } {
  const build = model.createBuild({ metaData });
  const job = model.addJob(build, { step: createStep({ label: 'Test', key: 'test', command: 'true' }) });
  model.start(job);
  model.seal(build);
  return { id: `acme/app/${build.number}`, number: build.number, job };
}

/** A receiver on a real socket, fed by a model's webhooks. */
export async function connectPush(watcher: Watcher, model: Model, setup: Partial<WebhookSetup> = {}) {
  const statuses: number[] = [];
  const onVerdict = (verdict: { status: number }) => {
    statuses.push(verdict.status);
    if ('event' in verdict) watcher.receive(verdict.event as never);
  };
  const receiver = createReceiver({ token: webhookToken });
  const server = createServer(mountReceiver(receiver, { onVerdict }));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
  const hooks = startWebhooks({ ...place, model, url, token: webhookToken, ...setup });
  onTestFinished(async () => {
    await hooks.close();
    server.close();
    server.closeAllConnections();
  });
  return { statuses, url, hooks };
}
