import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { systemClock } from '../clock.ts';
import { createModel } from '../model/model.ts';
import { createStep } from '../model/records.ts';
import { type RestApi, type RestApiSetup, startRestApi } from './rest-api.ts';
import { startWebhooks, type WebhookSetup } from './webhooks.ts';

const place = { organization: 'acme', pipeline: 'app' };
const open: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

async function serve(setup: Partial<RestApiSetup> = {}, countPromises = true) {
  const model = createModel({ clock: systemClock, countPromises });
  const api = await startRestApi({ ...place, model, ...setup });
  open.push(api);
  return { model, api };
}

async function call(api: RestApi, method: string, path: string, body?: object, token = api.token) {
  const headers = { authorization: `Bearer ${token}` };
  const url = `${api.url}/organizations/acme/pipelines/app/builds${path}`;
  const init: RequestInit = { method, headers };
  if (body !== undefined) init.body = JSON.stringify(body);
  const answer = await fetch(url, init);
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape it asks for
  const json = (await answer.json()) as any;
  return { status: answer.status, headers: answer.headers, body: json };
}

const step = (label: string, more = {}) => createStep({ label, command: 'true', ...more });

describe('the REST API', () => {
  it('creates, reads, lists by meta-data and cancels', async () => {
    const { api, model } = await serve();
    const refused = await call(api, 'POST', '', { branch: 'main' });
    expect([refused.status, Object.keys(refused.body)]).toEqual([422, ['message']]);
    const created = await call(api, 'POST', '', { commit: 'HEAD', branch: 'main', meta_data: { key: 'a' } });
    expect([created.status, created.body.number, created.body.state]).toEqual([201, 1, 'scheduled']);
    model.createBuild({ metaData: { key: 'b' } });
    const found = await call(api, 'GET', '?meta_data[key]=a');
    expect(found.body.map((build: { number: number }) => build.number)).toEqual([1]);
    const build = model.builds.get(1);
    if (build) model.addJob(build, { step: step('Test') });
    expect((await call(api, 'PUT', '/1/cancel')).status).toBe(200);
    expect((await call(api, 'PUT', '/1/cancel')).status).toBe(422);
    expect((await call(api, 'GET', '/1')).body.state).toBe('canceled');
    expect((await call(api, 'GET', '/9')).status).toBe(404);
    expect((await call(api, 'GET', '/1', undefined, 'wrong')).status).toBe(401);
  });

  it('lists running jobs with a hard promise among the failed, page by page', async () => {
    const { api, model } = await serve();
    const build = model.createBuild();
    const jobs = ['hard', 'soft', 'quiet'].map((label) =>
      model.addJob(build, { step: step(label, { softFail: label === 'soft' }) }),
    );
    for (const job of jobs) model.start(job);
    for (const job of jobs.slice(0, 2)) model.promise(job, 1, 'because');
    const failed = await call(api, 'GET', '/1/jobs?state[]=failed');
    expect(failed.body.items).toMatchObject([{ name: 'hard', state: 'running', promised_exit_status: 1 }]);
    const running = await call(api, 'GET', '/1/jobs?state[]=running');
    expect(running.body.items.map((job: { name: string }) => job.name)).toEqual(['soft', 'quiet']);
    expect(running.body.items[1]).not.toHaveProperty('promised_exit_status');
    expect((await call(api, 'GET', '/1/jobs?state[]=finished')).status).toBe(400);
    const first = await call(api, 'GET', '/1/jobs?per_page=2');
    const after = new URL(first.body.links.next).searchParams.get('after');
    const second = await call(api, 'GET', `/1/jobs?per_page=2&after=${after}`);
    expect([first.body.items.length, second.body.items.length, second.body.links.next]).toEqual([2, 1, null]);
  });

  it('lists no running job among the failed where promises do not count', async () => {
    const { api, model } = await serve({}, false);
    const job = model.addJob(model.createBuild(), { step: step('hard') });
    model.start(job);
    model.promise(job, 1);
    const names = async (state: string) =>
      (await call(api, 'GET', `/1/jobs?state[]=${state}`)).body.items.map(
        ({ name }: { name: string }) => name,
      );
    expect([await names('failed'), await names('running')]).toEqual([[], ['hard']]);
  });

  it('refuses with 429 what is above the limit, and tells the rest in headers', async () => {
    const { api } = await serve({ rateLimit: { requests: 2, windowMs: 60_000 } });
    const remaining = [];
    for (const _ of [1, 2, 3]) {
      const { status, headers } = await call(api, 'GET', '');
      remaining.push([status, headers.get('ratelimit-remaining'), headers.get('ratelimit-user-limit')]);
    }
    expect(remaining).toEqual([
      [200, '1', '2'],
      [200, '0', '2'],
      [429, '0', '2'],
    ]);
  });

  it('loses an answer after the work is done', async () => {
    const { api, model } = await serve();
    api.faults.push({ type: 'lost answer' });
    await expect(call(api, 'POST', '', { commit: 'HEAD', branch: 'main' })).rejects.toThrow();
    expect(model.builds.size).toBe(1);
  });
});

describe('webhooks', () => {
  async function receive(setup: Partial<WebhookSetup>) {
    const model = createModel({ clock: systemClock });
    const got: { event: string; headers: IncomingHttpHeaders; body: string }[] = [];
    const server = createServer(async (request, response) => {
      let body = '';
      for await (const chunk of request) body += chunk;
      got.push({ event: String(request.headers['x-buildkite-event']), headers: request.headers, body });
      response.writeHead(204).end();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    open.push({ close: () => new Promise((resolve) => void server.close(() => resolve())) });
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/`;
    const hooks = startWebhooks({ ...place, model, url, token: 'secret', ...setup });
    open.push(hooks);
    const job = model.addJob(model.createBuild(), { step: step('Test') });
    model.start(job);
    model.promise(job, 1, '1 failed');
    return { got, hooks };
  }

  it('signs the time and the body of each event, with the reason of a promise', async () => {
    const { got } = await receive({});
    await expect.poll(() => got.length).toBe(6);
    const promise = got.find(({ event }) => event === 'job.promised_exit_status');
    const [, timestamp, signature] =
      /^timestamp=(\d+),signature=(.*)$/.exec(String(promise?.headers['x-buildkite-signature'])) ?? [];
    const expected = createHmac('sha256', 'secret').update(`${timestamp}.${promise?.body}`).digest('hex');
    expect(signature).toBe(expected);
    expect(JSON.parse(promise?.body ?? '')).toMatchObject({
      promised_exit_status_reason: '1 failed',
      job: { state: 'running', promised_exit_status: 1 },
    });
  });

  it('delivers as told: late, twice, or not at all', async () => {
    const plan: Record<string, number[]> = { 'build.failing': [0, 0], 'job.started': [300] };
    const { got } = await receive({ deliver: ({ type }) => plan[type] ?? [] });
    await expect.poll(() => got.length).toBe(3);
    expect(got.map(({ event }) => event)).toEqual(['build.failing', 'build.failing', 'job.started']);
  });
});
