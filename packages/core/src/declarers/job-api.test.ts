import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { createJobApi } from './job-api.ts';

const opened: { server: Server; folder: string }[] = [];
afterEach(() => {
  for (const { server, folder } of opened.splice(0)) {
    server.closeAllConnections();
    server.close();
    rmSync(folder, { recursive: true, force: true });
  }
});

const ever = new AbortController().signal;
const request = { exitStatus: 1, reason: 'Käse > "schmeckt" 🧀' };

interface Received {
  readonly method: string | undefined;
  readonly url: string | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

/** A socket that answers each request with the next of the bodies, and never when there is none left. */
async function listen(...bodies: readonly string[]) {
  const folder = mkdtempSync(join(tmpdir(), 'pf-job-'));
  const received: Received[] = [];
  const answer = async (message: IncomingMessage, response: ServerResponse) => {
    const chunks: Buffer[] = [];
    for await (const chunk of message) chunks.push(chunk);
    const { method, url, headers } = message;
    const body = bodies[received.push({ method, url, headers, body: Buffer.concat(chunks).toString() }) - 1];
    if (body !== undefined) response.end(body);
  };
  const server = createServer(answer);
  opened.push({ server, folder });
  await new Promise<void>((resolve) => server.listen(join(folder, 's'), resolve));
  const env = {
    BUILDKITE_AGENT_JOB_API_SOCKET: join(folder, 's'),
    BUILDKITE_AGENT_JOB_API_TOKEN: 'secret-token',
  };
  return { env, received };
}

describe('a declaration over the socket', () => {
  it('is one POST with the token and the whole reason', async () => {
    const { env, received } = await listen('{"outcome":"declared","accepted":true,"upstream_status":204}');
    const result = await createJobApi(env).declare(request, ever);
    expect(result).toEqual({ accepted: true, outcome: 'declared', upstreamStatus: 204 });
    expect(received).toMatchObject([
      {
        ...{ method: 'POST', url: '/api/current-job/v0/promise-failure' },
        headers: { host: 'job', authorization: 'Bearer secret-token' },
      },
    ]);
    expect(JSON.parse(received[0]?.body ?? '')).toEqual({ exit_status: 1, reason: request.reason });
  });

  it.each([
    ['{"outcome":"debounced","accepted":true}', { accepted: true, outcome: 'debounced' }],
    [
      '{"outcome":"debounced","accepted":false,"upstream_status":422,"error":"over"}',
      { accepted: false, outcome: 'debounced', verdict: 'terminal', upstreamStatus: 422, message: 'over' },
    ],
    [
      '{"outcome":"declared","accepted":false,"upstream_status":429,"error":"slow down"}',
      {
        accepted: false,
        outcome: 'declared',
        verdict: 'transient',
        upstreamStatus: 429,
        message: 'slow down',
      },
    ],
    [
      '{"outcome":"declared","accepted":false,"error":"x509"}',
      { accepted: false, outcome: 'declared', verdict: 'unknown', message: 'x509' },
    ],
    [
      '{"outcome":"declared","accepted":false,"upstream_status":"422","more":1}',
      { accepted: false, outcome: 'declared', verdict: 'unknown', message: 'the agent does not say why' },
    ],
  ] as const)('reads %s', async (body, result) => {
    const { env } = await listen(body);
    expect(await createJobApi(env).declare(request, ever)).toEqual(result);
  });

  it('waits long, but not for ever', async () => {
    const { env, received } = await listen();
    const declaring = createJobApi(env, { silenceMs: 100 }).declare(request, ever);
    await expect(declaring).rejects.toMatchObject({ code: 'silent' });
    expect(received.length).toBe(1);
  });

  it('ends with the reason of an abort', async () => {
    const { env } = await listen();
    const controller = new AbortController();
    const declaring = createJobApi(env).declare(request, controller.signal);
    setTimeout(() => controller.abort(new Error('over')), 50);
    await expect(declaring).rejects.toThrow('over');
  });

  it('never tells the token', async () => {
    const env = { BUILDKITE_AGENT_JOB_API_SOCKET: '/nowhere', BUILDKITE_AGENT_JOB_API_TOKEN: 'bad\nsecret' };
    const error = await createJobApi(env)
      .declare(request, ever)
      .catch((caught: Error) => caught);
    expect(String(error)).not.toContain('secret');
  });
});
