import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A test as Test Engine knows it. */
export interface EngineTest {
  readonly scope: string;
  readonly name: string;
}

export interface TestEngineSetup {
  readonly organization?: string;
  readonly suite?: string;
  readonly token?: string;
  readonly muted?: readonly EngineTest[];
  /** Tests on one page of the list. @default 100 */
  readonly pageSize?: number;
  /** Requests allowed in a window; beyond them the answer is 429 until the window is over. */
  readonly rateLimit?: { readonly requests: number; readonly windowMs: number };
  /** The plan that exists, if any. */
  readonly plan?: { readonly identifier: string; readonly muted: readonly EngineTest[] };
  /** Answers for the first requests, in order, before the real ones: trouble to be had. */
  readonly trouble?: readonly EngineTrouble[];
  /** Milliseconds before each answer. @default 0 */
  readonly delayMs?: number;
}

/** A status with a body, or a connection that is cut or never answered. */
export type EngineTrouble =
  | { readonly type: 'answer'; readonly status: number; readonly body: string }
  | { readonly type: 'cut' | 'hang' };

export interface EngineRequest {
  readonly method: string;
  readonly url: string;
  readonly authorization: string | undefined;
  /** Epoch milliseconds of its arrival. */
  readonly at: number;
  readonly status: number | undefined;
}

/** A running stand-in for Test Engine's REST API. */
export interface TestEngineApi {
  readonly url: string;
  /** Variables by which a job reaches it. */
  readonly env: Readonly<Record<string, string>>;
  readonly requests: readonly EngineRequest[];
  /** Replaces the suite's list from the next request on. */
  setMuted(tests: readonly EngineTest[]): void;
  close(): Promise<void>;
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * Serves a suite's muted tests, page by page and within a rate limit, and the plan of a step.
 * Source: buildkite/docs pages/apis/rest_api/test_engine/quarantine.md, pages/apis/rest_api/rate_limits.md;
 * buildkite/test-engine-client internal/api/fetch_test_plan.go.
 */
export async function startTestEngineApi(setup: TestEngineSetup = {}): Promise<TestEngineApi> {
  const { organization = 'acme', suite = 'web', token = 'engine-token', trouble = [], delayMs = 0 } = setup;
  const limiter = createLimiter(setup.rateLimit);
  const requests: EngineRequest[] = [];
  let muted = setup.muted ?? [];

  const server = createServer((request, response) => {
    const note = { ...describeRequest(request), status: undefined as number | undefined };
    requests.push(note);
    const planned = trouble[requests.length - 1];
    const answer = () => {
      if (planned !== undefined) return makeTrouble(planned, note, response);
      const { status, body, headers } = respond(request);
      note.status = status;
      response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
      response.end(JSON.stringify(body));
    };
    setTimeout(answer, delayMs);
  });

  const respond = (request: IncomingMessage): Answer => {
    if (request.headers.authorization !== `Bearer ${token}`) {
      return {
        status: 401,
        body: { message: 'Authentication required. Please supply a valid API Access Token' },
      };
    }
    const limit = limiter();
    if (!limit.allowed) return { status: 429, body: limit.body, headers: limit.headers };
    const answer = route(request);
    return { ...answer, headers: { ...limit.headers, ...answer.headers } };
  };

  const route = (request: IncomingMessage): Answer => {
    const url = new URL(request.url ?? '/', baseUrl);
    const base = `/v2/analytics/organizations/${organization}/suites/${suite}/`;
    if (request.method !== 'GET' || !url.pathname.startsWith(base)) return notFound;
    const path = url.pathname.slice(base.length);
    if (path === 'tests/muted') return listPage(url, muted, setup.pageSize ?? 100);
    if (path === 'test_plan') return describePlan(setup.plan, url.searchParams.get('identifier'));
    return notFound;
  };

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url: baseUrl,
    env: {
      BUILDKITE_ORGANIZATION_SLUG: organization,
      BUILDKITE_TEST_ENGINE_BASE_URL: baseUrl,
      BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN: token,
    },
    requests,
    setMuted(tests) {
      muted = tests;
    },
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

const notFound: Answer = { status: 404, body: { message: 'Not Found' } };

function describeRequest({ method = '', url = '', headers }: IncomingMessage) {
  return { method, url, authorization: headers.authorization, at: Date.now() };
}

function makeTrouble(trouble: EngineTrouble, note: { status: number | undefined }, response: ServerResponse) {
  if (trouble.type === 'cut') response.destroy();
  if (trouble.type !== 'answer') return;
  note.status = trouble.status;
  response.writeHead(trouble.status).end(trouble.body);
}

function listPage(url: URL, tests: readonly EngineTest[], pageSize: number): Answer {
  const page = Number(url.searchParams.get('page') ?? 1);
  const first = (page - 1) * pageSize;
  const body = tests.slice(first, first + pageSize).map(({ scope, name }, index) => ({
    id: `00000000-0000-4000-8000-${String(first + index).padStart(12, '0')}`,
    url: `${url.origin}/tests/${first + index}`,
    web_url: `${url.origin}/web/${first + index}`,
    scope,
    name,
    location: null,
    file_name: null,
  }));
  if (first + pageSize >= tests.length) return { status: 200, body };
  const next = new URL(url);
  next.searchParams.set('page', String(page + 1));
  return { status: 200, body, headers: { link: `<${next.href}>; rel="next"` } };
}

function describePlan(plan: TestEngineSetup['plan'], identifier: string | null): Answer {
  if (plan === undefined || plan.identifier !== identifier) return notFound;
  const muted = plan.muted.map(({ scope, name }) => ({ path: '', scope, name }));
  return {
    status: 200,
    body: {
      identifier,
      parallelism: 1,
      experiment: '',
      tasks: { '0': { node_number: 0, tests: [] } },
      muted_tests: muted,
      skipped_tests: [],
      timing_metadata: {},
    },
  };
}

function createLimiter(limit: TestEngineSetup['rateLimit']) {
  const most = limit?.requests ?? 200;
  const windowMs = limit?.windowMs ?? 60_000;
  let windowStart = -Infinity;
  let used = 0;
  return () => {
    const now = performance.now();
    if (now - windowStart >= windowMs) {
      windowStart = now;
      used = 0;
    }
    used++;
    const reset = Math.ceil((windowStart + windowMs - now) / 1000);
    const headers = {
      'ratelimit-scope': 'rest',
      'ratelimit-limit': String(most),
      'ratelimit-remaining': String(Math.max(0, most - used)),
      'ratelimit-reset': String(reset),
    };
    const body = {
      message: 'You have exceeded your API rate limit.',
      scope: 'rest',
      limit: most,
      current: used,
      reset,
    };
    return { allowed: used <= most, headers, body };
  };
}
