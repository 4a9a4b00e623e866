import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { MockAgent } from 'undici';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isDeclarerUnavailable } from '../http/errors.ts';
import { createAgentApi } from './agent-api.ts';

const ever = new AbortController().signal;
const request = { exitStatus: 1, reason: 'a test failed' };
const env = {
  BUILDKITE_AGENT_ENDPOINT: 'https://agent.buildkite.com/v3/',
  BUILDKITE_AGENT_ACCESS_TOKEN: 'bkjt_secret',
  BUILDKITE_JOB_ID: '0190-job',
};

describe('a call to the Agent API', () => {
  let mock: MockAgent;
  beforeEach(() => {
    mock = new MockAgent();
    mock.disableNetConnect();
  });
  afterEach(() => mock.close());

  const intercept = (path: string, status = 204, body = '') =>
    mock.get('https://agent.buildkite.com').intercept({ path, method: 'PUT' }).reply(status, body);

  it.each([
    ['0190-job', '/v3/jobs/0190-job/promise_failure'],
    ['a.b/../c', '/v3/jobs/a%2Eb%2F%2E%2E%2Fc/promise_failure'],
    ['a b?c#d', '/v3/jobs/a%20b%3Fc%23d/promise_failure'],
  ])('names the job %j in its path', async (job, path) => {
    intercept(path);
    const declarer = createAgentApi({ ...env, BUILDKITE_JOB_ID: job }, { dispatcher: mock });
    expect(await declarer.declare(request, ever)).toEqual({
      ...{ accepted: true, outcome: 'declared', upstreamStatus: 204 },
    });
  });

  it('leaves an empty reason out', async () => {
    let sent: unknown;
    mock
      .get('https://agent.buildkite.com')
      .intercept({
        path: () => true,
        method: 'PUT',
        body: (body) => {
          sent = JSON.parse(body);
          return true;
        },
      })
      .reply(204);
    await createAgentApi(env, { dispatcher: mock }).declare({ ...request, reason: '' }, ever);
    expect(sent).toEqual({ exit_status: 1 });
  });

  it.each([
    ['{"message":"The job is no longer running"}', 'Buildkite answered 422: The job is no longer running'],
    ['{"message":7}', 'Buildkite answered 422'],
    ['null', 'Buildkite answered 422'],
    ['', 'Buildkite answered 422'],
    [`{"message":"${'x'.repeat(2000)}"}`, `Buildkite answered 422: ${'x'.repeat(512)}`],
  ])('tells what Buildkite says in %.40s', async (body, message) => {
    intercept('/v3/jobs/0190-job/promise_failure', 422, body);
    expect(await createAgentApi(env, { dispatcher: mock }).declare(request, ever)).toEqual({
      ...{ accepted: false, outcome: 'declared', verdict: 'terminal', upstreamStatus: 422, message },
    });
  });

  it('that cannot be made for its token does not tell the token', async () => {
    const broken = { ...env, BUILDKITE_AGENT_ACCESS_TOKEN: 'bkjt\nsecret' };
    const error = await createAgentApi(broken, { dispatcher: mock })
      .declare(request, ever)
      .catch((caught: unknown) => caught);
    expect(isDeclarerUnavailable(error)).toBe(true);
    expect(String(error)).not.toContain('secret');
  });
});

describe('an abort', () => {
  let server: Server;
  afterEach(() => {
    server.closeAllConnections();
    server.close();
  });

  it.each([
    ['during a call', () => {}],
    [
      'during the wait between calls',
      (response: { writeHead(status: number): { end(): void } }) => response.writeHead(503).end(),
    ],
  ] as const)('%s ends the declaration with its reason', async (_, answer) => {
    const controller = new AbortController();
    server = createServer((_request, response) => {
      answer(response);
      setTimeout(() => controller.abort(new Error('the run is over')), 50);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const endpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const policy = { calls: 3, delayMs: () => 60_000, jitter: 0, capMs: 60_000 };
    const declarer = createAgentApi({ ...env, BUILDKITE_AGENT_ENDPOINT: endpoint }, { policy });
    await expect(declarer.declare(request, controller.signal)).rejects.toThrow('the run is over');
  });
});
