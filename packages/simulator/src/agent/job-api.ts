import { randomBytes } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Answer } from '../faults/fault-answer.ts';
import { type FaultServer, type RecordedRequest, startFaultServer } from '../faults/fault-server.ts';
import type { FaultQueue } from '../faults/faults.ts';
import { createDebouncer, type Debounced, type Declare } from './debounce.ts';
import { decodePromiseBody, GoJsonError } from './go-json.ts';

/** The only route this Job API knows. Source: buildkite/agent jobapi/routes.go. */
export const promiseFailurePath = '/api/current-job/v0/promise-failure';

/** A job's local API on a unix socket. */
export interface JobApi extends FaultServer {
  readonly socketPath: string;
  readonly token: string;
}

/** What a Job API is made of. */
export interface JobApiOptions {
  readonly clock: Clock;
  readonly faults: FaultQueue;
  /** Shorter than 104 bytes, or macOS refuses it. */
  readonly socketPath: string;
  /** Absent: an agent without a coordinator, which answers 500. */
  readonly declare?: Declare | undefined;
  /** False: an agent older than the route, which answers a plain-text 404. @default true */
  readonly knowsRoute?: boolean;
}

/** Starts the Job API of one job with a new token of 43 characters; the debounce memory dies with it. */
export async function startJobApi(options: JobApiOptions): Promise<JobApi> {
  const { clock, faults, socketPath, declare, knowsRoute = true } = options;
  const token = randomBytes(32).toString('base64url');
  const debounced = declare && createDebouncer(declare);
  const server = await startFaultServer({
    clock,
    faults,
    path: socketPath,
    handler: (request) => answer(request, token, knowsRoute, debounced),
  });
  return { ...server, socketPath, token };
}

function answer(
  request: RecordedRequest,
  token: string,
  knowsRoute: boolean,
  debounced: Debounced | undefined,
): Answer | Promise<Answer> {
  const refusal = authorize(request.headers.authorization, token);
  if (refusal !== undefined) return json(401, { error: refusal });
  if (!knowsRoute || request.path.split('?')[0] !== promiseFailurePath) return notFound;
  if (request.method !== 'POST') return { status: 405, headers: { allow: 'POST', ...jsonType } };
  if (debounced === undefined) return json(500, { error: 'promise-failure coordinator is not configured' });
  return declareFrom(request.body, debounced);
}

function authorize(header: RecordedRequest['headers'][string], token: string): string | undefined {
  if (typeof header !== 'string' || header === '') return 'authorization header is required';
  const space = header.indexOf(' ');
  if (space < 0) return 'invalid authorization header: must be in the form `Bearer <token>`';
  if (header.slice(0, space) !== 'Bearer') return 'invalid authorization header: type must be Bearer';
  return header.slice(space + 1) === token ? undefined : 'invalid authorization token';
}

async function declareFrom(text: string, debounced: Debounced): Promise<Answer> {
  try {
    const { exitStatus, reason } = decodePromiseBody(text);
    if (exitStatus <= 0) return json(400, { error: 'exit_status must be a positive integer' });
    return json(200, await debounced(exitStatus, reason));
  } catch (error) {
    if (!(error instanceof GoJsonError)) throw error;
    return json(400, { error: `failed to decode request body: ${error.message}` });
  }
}

const jsonType = { 'content-type': 'application/json' };

const notFound: Answer = {
  status: 404,
  headers: { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' },
  body: '404 page not found\n',
};

function json(status: number, value: unknown): Answer {
  return { status, headers: jsonType, body: `${JSON.stringify(value)}\n` };
}
