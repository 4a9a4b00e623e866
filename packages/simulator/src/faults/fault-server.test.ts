import { mkdtemp, rm } from 'node:fs/promises';
import { type ClientRequestArgs, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { systemClock } from '../clock.ts';
import { type FaultServer, startFaultServer } from './fault-server.ts';
import { createFaultQueue, type FaultScript } from './faults.ts';

const cleanups: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0)) await cleanup();
});

/** A server whose real answer is a 200 with `real answer`, on each kind of socket. */
async function serve(transport: string, faults: FaultScript[], repeatLast = false) {
  const folder = await mkdtemp(join(tmpdir(), 'pf-t-'));
  const path = transport === 'unix' ? join(folder, 's') : undefined;
  let handled = 0;
  const server: FaultServer = await startFaultServer({
    clock: systemClock,
    faults: createFaultQueue(faults, repeatLast),
    handler() {
      handled++;
      return { status: 200, body: 'real answer' };
    },
    ...(path && { path }),
  });
  cleanups.push(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });
  const target: ClientRequestArgs = path ? { socketPath: path } : { host: '127.0.0.1', port: server.port };
  return { server, target, handled: () => handled };
}

interface Outcome {
  readonly status?: number | undefined;
  readonly body: string;
  readonly end: 'ended' | 'broken' | 'silent';
}

/** Makes one call and gives up after 600 ms of silence. */
function call(target: ClientRequestArgs): Promise<Outcome> {
  return new Promise((resolve) => {
    let status: number | undefined;
    let body = '';
    const finish = (end: Outcome['end']) => {
      sent.destroy();
      resolve({ status, body, end });
    };
    const sent = request({ ...target, method: 'POST', path: '/x', agent: false }, (response) => {
      status = response.statusCode;
      response.setEncoding('utf8').on('data', (text: string) => {
        body += text;
      });
      response.on('end', () => finish('ended')).on('error', () => finish('broken'));
    });
    sent.on('error', () => finish('broken'));
    sent.setTimeout(600, () => finish('silent')).end('hello');
  });
}

const half = 'real ';

const rows: [name: string, fault: FaultScript, outcome: Partial<Outcome>, handled: number][] = [
  ['no fault', {}, { status: 200, body: 'real answer', end: 'ended' }, 1],
  ['another answer', { status: 503, body: '<html>' }, { status: 503, body: '<html>', end: 'ended' }, 0],
  ['another answer, handled', { status: 503, handled: true }, { status: 503, end: 'ended' }, 1],
  ['a slow first byte', { delayMs: 50 }, { status: 200, body: 'real answer', end: 'ended' }, 1],
  ['silence at connect', { hang: 'connect' }, { status: undefined, end: 'silent' }, 0],
  ['silence after the request', { hang: 'request' }, { status: undefined, end: 'silent' }, 0],
  ['silence, handled', { hang: 'request', handled: true }, { status: undefined, end: 'silent' }, 1],
  ['silence after the headers', { hang: 'headers' }, { status: 200, body: '', end: 'silent' }, 1],
  ['silence in the body', { hang: 'body' }, { status: 200, body: half, end: 'silent' }, 1],
  ['reset at connect', { reset: 'connect' }, { status: undefined, end: 'broken' }, 0],
  ['reset after the request', { reset: 'request' }, { status: undefined, end: 'broken' }, 0],
  ['reset after the headers', { reset: 'headers' }, { status: 200, body: '', end: 'broken' }, 1],
  ['reset in the body', { reset: 'body' }, { status: 200, end: 'broken' }, 1],
  ['a truncated body', { truncate: true }, { status: 200, body: half, end: 'broken' }, 1],
  [
    'a truncated answer of ours',
    { truncate: true, body: '{"a":1}' },
    { status: 200, body: '{"a', end: 'broken' },
    0,
  ],
  ['the server killed', { kill: 'request' }, { status: undefined, end: 'broken' }, 0],
];

for (const transport of ['unix', 'tcp']) {
  test.each(rows)(`over ${transport}: %s`, async (_name, fault, outcome, handled) => {
    const { target, handled: count } = await serve(transport, [fault]);
    expect(await call(target)).toMatchObject(outcome);
    expect(count()).toBe(handled);
    const next = await call(target);
    expect(next.end).toBe(fault.kill === undefined ? 'ended' : 'broken');
  });
}

test('a body of 10 MB arrives whole', async () => {
  const { target } = await serve('unix', [{ body: 'x'.repeat(10_000_000) }]);
  expect((await call(target)).body).toHaveLength(10_000_000);
});

test('the last script repeats on demand, and more can be added', async () => {
  const { server, target } = await serve('tcp', [{ status: 500 }, { status: 429 }], true);
  const statuses = [];
  for (let n = 0; n < 3; n++) statuses.push((await call(target)).status);
  expect(statuses).toEqual([500, 429, 429]);
  server.faults.pending.push({ status: 204 });
  expect([(await call(target)).status, (await call(target)).status]).toEqual([429, 204]);
});

test('without its socket file the server cannot be reached', async () => {
  const { target } = await serve('unix', [{ removeSocket: true }]);
  expect(await call(target)).toMatchObject({ status: 200, body: 'real answer' });
  expect(await call(target)).toMatchObject({ end: 'broken' });
});

test('requests are recorded with the time of their arrival, in order', async () => {
  const { server, target } = await serve('tcp', [{ hang: 'request' }]);
  const before = systemClock.now();
  await Promise.all([call(target), call(target)]);
  expect(server.requests).toHaveLength(2);
  expect(server.requests[0]).toMatchObject({ method: 'POST', path: '/x', body: 'hello' });
  for (const { at } of server.requests) {
    expect(at).toBeGreaterThanOrEqual(before);
    expect(at).toBeLessThanOrEqual(systemClock.now());
  }
});

test('idle waits for answers in flight, and not for ever', async () => {
  const { server, target } = await serve('tcp', [{ delayMs: 150 }, { delayMs: 100_000 }]);
  const first = call(target);
  await vi.waitUntil(() => server.requests.length === 1);
  await server.idle(10_000);
  expect(systemClock.now() - (server.requests[0]?.at ?? Number.NaN)).toBeGreaterThan(140);
  await first;
  const second = call(target);
  await vi.waitUntil(() => server.requests.length === 2);
  await server.idle(20);
  expect(systemClock.now() - (server.requests[1]?.at ?? Number.NaN)).toBeLessThan(50_000);
  await second;
});
