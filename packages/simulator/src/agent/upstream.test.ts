import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../clock.ts';
import { type FaultServer, startFaultServer } from '../faults/fault-server.ts';
import { createFaultQueue, type FaultScript } from '../faults/faults.ts';
import { agentWaitsMs, declareUpstream } from './upstream.ts';

let server: FaultServer | undefined;
afterEach(() => server?.close());

async function declareAgainst(faults: FaultScript[], waitsMs = [1, 1]) {
  const queue = createFaultQueue(faults, true);
  const handler = () => ({ status: 204 });
  server = await startFaultServer({ clock: systemClock, faults: queue, handler });
  const endpoint = `http://127.0.0.1:${server.port}/v3/`;
  const options = { endpoint, token: 't', jobId: 'a.b', waitsMs, timeoutMs: 2000 };
  return { result: await declareUpstream(options, 1, ''), requests: server.requests, endpoint };
}

test("the default waits are the agent's own", () => {
  expect(agentWaitsMs).toEqual([2000, 3216, 5172, 8317, 13374, 21508, 34587, 55619, 89442]);
});

const message = '{"message":"no"}';

test.each<[name: string, faults: FaultScript[], calls: number, status: number, accepted: boolean]>([
  ['204', [{}], 1, 204, true],
  ['any 2xx, whatever its body', [{ status: 200, body: '<html>' }], 1, 200, true],
  ['401', [{ status: 401, body: message }], 1, 401, false],
  ['404', [{ status: 404, body: message }], 1, 404, false],
  ['an unfollowed redirect', [{ status: 302, headers: { location: '/' } }], 1, 302, false],
  ['429 for ever', [{ status: 429 }], 3, 429, false],
  ['500 for ever', [{ status: 500 }], 3, 500, false],
  ['503 and then 204', [{ status: 503 }, {}], 2, 204, true],
  ['a reset and then 204', [{ reset: 'request' }, {}], 2, 204, true],
  ['503 and then resets: the status stands', [{ status: 503 }, { reset: 'request' }], 3, 503, false],
  ['503 and then 404', [{ status: 503 }, { status: 404 }], 2, 404, false],
  ['silence and then 204', [{ hang: 'request' }, {}], 2, 204, true],
])('%s', async (_name, faults, calls, status, accepted) => {
  const { result, requests } = await declareAgainst(faults);
  expect(result.status).toBe(status);
  expect(result.error === undefined).toBe(accepted);
  expect(requests).toHaveLength(calls);
});

test('nobody listening is no response at all, retried to the end', async () => {
  const { endpoint } = await declareAgainst([{}]);
  await server?.close();
  const result = await declareUpstream({ endpoint, token: 't', jobId: 'j', waitsMs: [1] }, 1, '');
  expect(result).toMatchObject({ status: 0, error: expect.stringContaining('ECONNREFUSED') });
});

test('the request is that of the agent', async () => {
  const { requests } = await declareAgainst([{}]);
  expect(requests).toMatchObject([
    {
      method: 'PUT',
      path: '/v3/jobs/a%2Eb/promise_failure',
      headers: { authorization: 'Token t', 'content-type': 'application/json' },
      body: '{"exit_status":1}\n',
    },
  ]);
});

test('an error names the call, the status and what the server said', async () => {
  const { result, endpoint } = await declareAgainst([{ status: 409, body: message }]);
  expect(result.error).toBe(`PUT ${endpoint}jobs/a%2Eb/promise_failure: 409 Conflict: no`);
});
