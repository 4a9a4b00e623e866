import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import {
  type Answer,
  describePlan,
  type EnginePlan,
  type EngineTest,
  listPage,
  notFound,
} from './answers.ts';
import { createLimiter, type EngineLimit } from './limiter.ts';

export type { EngineTest } from './answers.ts';

export interface TestEngineSetup {
  readonly organization?: string;
  readonly suite?: string;
  readonly token?: string;
  readonly muted?: readonly EngineTest[];
  /** Tests on one page of the list. @default 100 */
  readonly pageSize?: number;
  /** Requests allowed in a window; beyond them the answer is 429 until the window is over. */
  readonly rateLimit?: EngineLimit;
  /** The plan that exists, if any. */
  readonly plan?: EnginePlan;
  /** Answers for the first requests, in order, before the real ones: trouble to be had. */
  readonly trouble?: readonly EngineTrouble[];
  /** Milliseconds before each answer. @default 0 */
  readonly delayMs?: number;
}

/** A status with a body, or a connection that is cut or never answered. */
type EngineTrouble =
  | { readonly type: 'answer'; readonly status: number; readonly body: string }
  | { readonly type: 'cut' | 'hang' };

interface EngineRequest {
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

function describeRequest({ method = '', url = '', headers }: IncomingMessage) {
  return { method, url, authorization: headers.authorization, at: Date.now() };
}

function makeTrouble(trouble: EngineTrouble, note: { status: number | undefined }, response: ServerResponse) {
  if (trouble.type === 'cut') response.destroy();
  if (trouble.type !== 'answer') return;
  note.status = trouble.status;
  response.writeHead(trouble.status).end(trouble.body);
}
