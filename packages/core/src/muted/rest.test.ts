import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import type { Log } from '../log.ts';
import { createBktecSource } from './bktec-source.ts';
import { listRetries } from './rest.ts';
import { createSuiteSource } from './suite-source.ts';
import { readTestEngineAccess } from './test-engine.ts';

type Answer = (request: IncomingMessage, response: ServerResponse, base: string) => void;

const closers: (() => void)[] = [];
afterEach(() => {
  for (const close of closers.splice(0)) close();
});

/** Answers the n-th request with the n-th answer, the last one for ever. */
async function serve(...answers: readonly Answer[]) {
  const requests: { url: string; authorization: string | undefined; at: number }[] = [];
  const server = createServer((request, response) => {
    const { url = '', headers } = request;
    requests.push({ url, authorization: headers.authorization, at: performance.now() });
    (answers[requests.length - 1] ?? answers.at(-1))?.(request, response, base);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  closers.push(() => {
    server.closeAllConnections();
    server.close();
  });
  return { env: { BUILDKITE_TEST_ENGINE_BASE_URL: base, BUILDKITE_API_TOKEN: 'secret' }, requests };
}

function json(body: unknown, headers: Record<string, string> = {}, status = 200): Answer {
  return (_, response) => response.writeHead(status, headers).end(JSON.stringify(body));
}

const muted = (name: string) => ({ id: name, scope: ` ${name}`, name, location: null, file_name: null });
const timing = { policy: { ...listRetries, delayMs: () => 5 }, tryTimeoutMs: 5000 };
const patient = AbortSignal.timeout(60_000);

async function load(env: Record<string, string>, over = {}) {
  const entries = await createSuiteSource('acme/web', env, { ...timing, ...over }).load(patient);
  return entries.map(({ target }) => ('name' in target ? target.name : target));
}

const silent: Log = { debug() {}, info() {}, warn() {}, header() {} };

describe('the list of a suite', () => {
  it('is read page by page with the token', async () => {
    const { env, requests } = await serve(
      (_, response, base) => {
        response.setHeader('link', `<${base}/v2/two>; rel="next", <${base}/v2/nine>; rel="last"`);
        response.end(JSON.stringify([muted('a'), muted('b')]));
      },
      json([muted('c')], { link: '<http://elsewhere/first>; rel="first"' }),
    );
    expect(await load(env)).toEqual(['a', 'b', 'c']);
    expect(requests.map(({ url }) => url)).toEqual([
      '/v2/analytics/organizations/acme/suites/web/tests/muted',
      '/v2/two',
    ]);
    expect(new Set(requests.map(({ authorization }) => authorization))).toEqual(new Set(['Bearer secret']));
  });

  it('keeps scope and name byte for byte, a missing scope being empty', async () => {
    const { env } = await serve(
      json([
        { scope: '  s\n"\u{1F600}" > ', name: '' },
        { scope: null, name: 'n' },
      ]),
    );
    const entries = await createSuiteSource('acme/web', env, timing).load(patient);
    expect(entries.map(({ target }) => target)).toEqual([
      { type: 'identity', scope: '  s\n"\u{1F600}" > ', name: '' },
      { type: 'identity', scope: '', name: 'n' },
    ]);
  });

  it.each<[string, readonly Answer[]]>([
    ['a rate limit', [json({}, {}, 429)]],
    ['a server error', [json({}, {}, 500), json({}, {}, 502), json({}, {}, 503)]],
    ['a connection cut before the answer', [(request) => request.socket.destroy()]],
    [
      'an answer cut in the middle',
      [
        (_, response) => {
          response.writeHead(200, { 'content-length': '100' }).write('[');
          setTimeout(() => response.destroy(), 10);
        },
      ],
    ],
  ])('is had after %s', async (_, trouble) => {
    const { env, requests } = await serve(...trouble, json([muted('a')]));
    expect(await load(env)).toEqual(['a']);
    expect(requests).toHaveLength(trouble.length + 1);
  });

  it('is asked for again when a try takes too long', async () => {
    const { env } = await serve(() => {}, json([muted('a')]));
    expect(await load(env, { tryTimeoutMs: 300 })).toEqual(['a']);
  });

  it('cannot be had from a server that is silent, and says so in words', async () => {
    const { env } = await serve(() => {});
    await expect(load(env, { tryTimeoutMs: 20 })).rejects.toThrow('no answer in time');
  });

  it.each(['retry-after', 'ratelimit-reset'])('waits as long as %s says', async (header) => {
    const { env, requests } = await serve(json({}, { [header]: '1' }, 429), json([]));
    await load(env);
    expect((requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeGreaterThan(950);
  });

  it.each(['ratelimit', 'ratelimit-user'])('waits before the next page when %s is used up', async (limit) => {
    const { env, requests } = await serve(
      json([], { link: '</two>; rel=next', [`${limit}-remaining`]: '0', [`${limit}-reset`]: '1' }),
      json([]),
    );
    await load(env);
    expect((requests[1]?.at ?? 0) - (requests[0]?.at ?? 0)).toBeGreaterThan(950);
  });

  it.each<[string, Answer, string]>([
    ['401', json({}, {}, 401), 'answered 401: the API token'],
    ['403', json({}, {}, 403), 'answered 403'],
    ['404', json({}, {}, 404), 'answered 404'],
    ['a redirect', json({}, { location: '/x' }, 302), 'answered 302'],
    ['HTML', (_, response) => response.end('<html>'), 'not JSON'],
    ['an object', json({ tests: [] }), 'no list of tests'],
    ['a test without a name', json([{ scope: 's' }]), 'no scope and name'],
    ['a number for a scope', json([{ scope: 1, name: 'n' }]), 'no scope and name'],
    ['null for a test', json([null]), 'no scope and name'],
    ['a next page elsewhere', json([], { link: '<http://evil.test/>; rel="next"' }), 'http://evil.test'],
    ['a page too long', (_, response) => response.end(Buffer.alloc(17 * 1024 * 1024, 32)), 'no answer'],
  ])('cannot be had from %s, which is asked once', async (_, answer, expected) => {
    const { env, requests } = await serve(answer);
    await expect(load(env)).rejects.toThrow(expected);
    expect(requests).toHaveLength(1);
  });

  it('cannot be had from a server that keeps failing', async () => {
    const { env, requests } = await serve(json({}, {}, 500));
    await expect(load(env)).rejects.toThrow('answered 500');
    expect(requests).toHaveLength(6);
  });

  it('cannot be had from pages that go round in circles', async () => {
    const { env, requests } = await serve(json([], { link: '</again>; rel="next"' }));
    await expect(load(env)).rejects.toThrow('circles');
    expect(requests).toHaveLength(2);
  });

  it('stops waiting on abort', async () => {
    const { env } = await serve(() => {});
    const loading = createSuiteSource('acme/web', env, timing).load(AbortSignal.timeout(100));
    await expect(loading).rejects.toThrow();
  });

  it('goes through the proxy of the environment', async () => {
    const { env } = await serve(json([]));
    const proxied = {
      ...env,
      BUILDKITE_TEST_ENGINE_BASE_URL: 'http://api.test',
      HTTP_PROXY: 'http://127.0.0.1:1',
    };
    await expect(load(proxied, { policy: { ...listRetries, calls: 1 } })).rejects.toThrow('ECONNREFUSED');
  });

  it('cannot be had from a base URL that is none', async () => {
    await expect(load({ BUILDKITE_TEST_ENGINE_BASE_URL: 'here', BUILDKITE_API_TOKEN: 't' })).rejects.toThrow(
      'not a URL',
    );
  });

  it('never shows the token in an error', async () => {
    const { env } = await serve(json({ message: 'secret' }, {}, 401));
    const error = await load(env).catch(String);
    expect(error).not.toContain('secret');
  });
});

describe("the list of bktec's plan", () => {
  const job = { BUILDKITE_BUILD_ID: 'b', BUILDKITE_STEP_ID: 's' };
  const plan = {
    tasks: { '0': { node_number: 0, tests: [] } },
    muted_tests: [{ path: 'p', scope: ' s', name: 'n' }],
  };

  async function loadPlan(answers: readonly Answer[]) {
    const { env, requests } = await serve(...answers);
    const access = readTestEngineAccess('acme/web', { ...env, ...job });
    const loading = createBktecSource(access, env, silent, timing).load(patient);
    return { loading, requests };
  }

  it('is taken from the plan alone where there is one', async () => {
    const { loading, requests } = await loadPlan([json(plan)]);
    expect((await loading).map(({ target }) => target)).toEqual([
      { type: 'spaced identity', scope: ' s', name: 'n' },
    ]);
    expect(requests.map(({ url }) => url)).toEqual([
      '/v2/analytics/organizations/acme/suites/web/test_plan?identifier=b%2Fs&job_retry_count=0',
    ]);
  });

  it.each<[string, Answer]>([
    ['there is no plan', json({}, {}, 404)],
    ['the plan has no tasks', json({ tasks: {} })],
  ])('is the list of the suite where %s', async (_, answer) => {
    const { loading } = await loadPlan([answer, json([muted('a')])]);
    expect((await loading).map(({ target }) => target)).toEqual([
      { type: 'identity', scope: ' a', name: 'a' },
    ]);
  });

  it.each<[string, Answer]>([
    ['is refused', json({}, {}, 401)],
    ['is no plan', json([])],
    ['has garbage for muted tests', json({ ...plan, muted_tests: {} })],
  ])('cannot be had where the plan %s', async (_, answer) => {
    const { loading } = await loadPlan([answer, json([muted('a')])]);
    await expect(loading).rejects.toThrow('answered');
  });
});
