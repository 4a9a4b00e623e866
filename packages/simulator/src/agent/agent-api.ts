import type { Clock } from '../clock.ts';
import type { Answer } from '../faults/fault-answer.ts';
import { type FaultServer, type RecordedRequest, startFaultServer } from '../faults/fault-server.ts';
import type { FaultQueue } from '../faults/faults.ts';
import type { Model } from '../model/model.ts';
import type { Job, PromiseVerdict } from '../model/types.ts';

/** Whose a token is: a job's, or the agent's own session and no job's. */
export type TokenHolder = { readonly jobId: string } | 'agent';

/** The Agent API over HTTP; `endpoint` is the base URL with its `/v3`. */
export interface AgentApi extends FaultServer {
  readonly endpoint: string;
}

/** What an Agent API is made of. */
export interface AgentApiOptions {
  readonly clock: Clock;
  readonly faults: FaultQueue;
  readonly model: Model;
  readonly tokens: ReadonlyMap<string, TokenHolder>;
  /** False: promised failures are not enabled for the organization, which answers 404. @default true */
  readonly promisesEnabled?: boolean;
}

/** Starts an Agent API on 127.0.0.1 that knows `PUT /v3/jobs/:id/promise_failure` alone. */
export async function startAgentApi(options: AgentApiOptions): Promise<AgentApi> {
  const { clock, faults } = options;
  const server = await startFaultServer({ clock, faults, handler: (request) => answer(request, options) });
  return { ...server, endpoint: `http://127.0.0.1:${server.port}/v3` };
}

function answer(request: RecordedRequest, options: AgentApiOptions): Answer {
  const { model, tokens, promisesEnabled = true } = options;
  const route = /^\/v3\/jobs\/([^/]+)\/promise_failure$/.exec(request.path);
  if (route === null || request.method !== 'PUT') return refuse(404, 'Not found');
  const holder = tokens.get(tokenOf(request));
  if (holder === undefined) return refuse(401, 'Authentication required');
  const jobId = decodeURIComponent(route[1] ?? '');
  if (holder === 'agent' || holder.jobId !== jobId)
    return refuse(403, 'This token cannot promise for this job');
  const job = promisesEnabled ? model.findJob(jobId) : undefined;
  if (job === undefined) return refuse(404, 'Promised failures are not enabled');
  return promise(request, model, job);
}

function tokenOf({ headers: { authorization } }: RecordedRequest): string {
  const match = typeof authorization === 'string' ? /^Token (.+)$/.exec(authorization) : null;
  return match?.[1] ?? '';
}

function promise(request: RecordedRequest, model: Model, job: Job): Answer {
  const body = decode(request);
  if (body === undefined) return refuse(400, 'The body must be a JSON object');
  const { exit_status: exitStatus, reason } = body;
  if (typeof exitStatus !== 'number' || !Number.isInteger(exitStatus) || exitStatus < 1 || exitStatus > 255) {
    return refuse(400, 'exit_status must be an integer from 1 to 255');
  }
  if (reason !== undefined && typeof reason !== 'string') return refuse(400, 'reason must be a string');
  return verdictAnswers[model.promise(job, exitStatus, reason)];
}

function decode({ headers, body }: RecordedRequest): Record<string, unknown> | undefined {
  if (!/^application\/json\b/i.test(String(headers['content-type']))) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const verdictAnswers: Readonly<Record<PromiseVerdict, Answer>> = {
  accepted: { status: 204 },
  repeated: { status: 204 },
  'different-status': refuse(409, 'A different exit status has already been promised for this job'),
  'not-running': refuse(422, 'The job is no longer running'),
};

function refuse(status: number, message: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}
