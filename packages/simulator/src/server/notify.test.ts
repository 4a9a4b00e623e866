import { createHmac } from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { createModel } from '../model/model.ts';
import { createStep } from '../model/records.ts';
import { deliverBy, type NotifyOptions, startNotify } from './notify.ts';

const open: { close(): Promise<unknown> }[] = [];
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
});

interface Got {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape it asks for
  readonly body: any;
}

async function receive(options: NotifyOptions, answerMs: (count: number) => number = () => 0) {
  const got: Got[] = [];
  let count = 0;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += chunk;
    await sleep(answerMs(count++));
    got.push({ path: request.url ?? '', headers: request.headers, text, body: JSON.parse(text) });
    response.writeHead(204).end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.push({ close: () => new Promise((resolve) => void server.close(resolve)) });
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const model = createModel({ clock: systemClock });
  const addresses = { webhook: `${base}/hook`, eventBridge: `${base}/bridge` };
  const place = { organization: 'acme', pipeline: 'shop' };
  const notify = startNotify(model, place, { ...addresses, ...options }, () => {});
  open.push(notify);
  const build = model.createBuild();
  const job = model.addJob(build, { step: createStep({ label: 'Tests', command: 'true', key: 'tests' }) });
  model.start(job);
  model.promise(job, 1, 'test_failure (1 failed)');
  model.finish(job, { exitStatus: 1 });
  model.seal(build);
  return { got, notify, model };
}

const events = [
  'build.scheduled',
  'job.scheduled',
  'build.running',
  'job.started',
  'job.promised_exit_status',
  'build.failing',
  'job.finished',
  'build.finished',
];

test('arrives in order however slow the receiver is, with the token', async () => {
  const slowFirst = (count: number) => (count < 3 ? 60 : 0);
  const { got, notify } = await receive({ eventBridge: undefined }, slowFirst);
  await expect.poll(() => got.length).toBe(8);
  expect(got.map(({ body }) => body.event)).toEqual(events);
  expect(got.every(({ headers }) => headers['x-buildkite-token'] === notify.token)).toBe(true);
});

test('is signed with the token on demand', async () => {
  const { got } = await receive({ token: 'secret', authentication: 'signature' });
  await expect.poll(() => got.length).toBe(16);
  for (const { headers, text } of got) {
    const [, at, signature] =
      /^timestamp=(\d+),signature=(\w+)$/.exec(String(headers['x-buildkite-signature'])) ?? [];
    expect(signature).toBe(createHmac('sha256', 'secret').update(`${at}.${text}`).digest('hex'));
  }
});

test('speaks as EventBridge does', async () => {
  const { got } = await receive({ webhook: undefined });
  await expect.poll(() => got.length).toBe(8);
  const promise = got.find(({ body }) => body['detail-type'] === 'Job Promised Exit Status');
  expect(promise?.body.detail).toMatchObject({
    version: 1,
    promised_exit_status_reason: 'test_failure (1 failed)',
    job: { label: 'Tests', step_key: 'tests', state: 'running', promised_exit_status: 1, passed: false },
    pipeline: { slug: 'shop', repo: expect.any(String) },
    organization: { slug: 'acme' },
  });
  expect(promise?.body.detail.job.promised_exit_status_at).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/);
  const failing = got.find(({ body }) => body['detail-type'] === 'Build Failing');
  expect(failing?.body.detail.build).toMatchObject({ state: 'failing', finished_at: null });
});

test('tells EventBridge of an unblocked step and of an agent as Buildkite does', async () => {
  const { got, model } = await receive({ webhook: undefined });
  const build = model.createBuild();
  const block = model.addJob(build, { step: createStep({ label: 'Go on?', command: '', type: 'manual' }) });
  model.unblockJob(block);
  const job = model.addJob(build, { step: createStep({ label: 'Tests', command: 'true' }) });
  model.accept(job, { id: 'a-1', name: 'one', hostname: 'h', version: '4', createdAt: 0 });
  model.start(job);
  model.finish(job, { exitStatus: -1, signalReason: 'agent_lost' });
  const find = (type: string, label: string) =>
    got.findLast(({ body }) => body['detail-type'] === type && body.detail.job.label === label)?.body.detail;
  await expect.poll(() => find('Job Finished', 'Tests')?.agent).toEqual({ uuid: 'a-1' });
  expect(find('Job Activated', 'Go on?').job).toMatchObject({
    ...{ type: 'manual', state: 'finished', passed: false, command: null, agent_query_rules: [] },
    unblocked_by: { name: 'Simulator' },
  });
  const lost = got.findLast(({ body }) => body['detail-type'] === 'Job Finished')?.body.detail.job;
  expect(lost).toMatchObject({ signal_reason: 'agent_lost', agent_query_rules: ['queue=default'] });
});

test.each([
  ['in-order', undefined],
  ['late', [100]],
  ['twice', [0, 100]],
  ['out-of-order', [25]],
  ['lossy', [0]],
] as const)('the order %s delivers after %j ms', (order, expected) => {
  const build = createModel({ clock: systemClock }).createBuild();
  const deliver = deliverBy(order, 100, () => 0.25);
  expect(deliver?.({ type: 'build.running', at: 0, build })).toEqual(expected);
});
