import type { Hono } from 'hono';
import type { Clock } from '../clock.ts';
import type { Answer } from '../faults/fault-answer.ts';
import { type FaultServer, type RecordedRequest, startFaultServer } from '../faults/fault-server.ts';
import type { FaultQueue } from '../faults/faults.ts';
import type { ArtifactStore } from '../model/artifact-store.ts';
import type { Model } from '../model/model.ts';
import type { Job } from '../model/types.ts';
import { jobRoutes } from './job-routes.ts';
import type { JobVariables } from './job-variables.ts';
import type { OidcIssuer } from './oidc.ts';
import type { TokenHolder } from './promise-answer.ts';

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
  readonly issuer: OidcIssuer;
  readonly artifacts: ArtifactStore;
  /** Adds a pipeline that a job uploads; a text says why not. */
  readonly upload?: ((job: Job, pipeline: unknown) => string | undefined) | undefined;
}

/** Starts an Agent API on 127.0.0.1 for the commands of one job. */
export async function startAgentApi(options: AgentApiOptions): Promise<AgentApi> {
  const { clock, faults, tokens } = options;
  const app = jobRoutes({ ...options, holderOf: (token) => tokens.get(token) });
  const server = await startFaultServer({ clock, faults, handler: (request) => answer(request, app) });
  return { ...server, endpoint: `http://127.0.0.1:${server.port}/v3` };
}

async function answer(request: RecordedRequest, app: Hono<JobVariables>): Promise<Answer> {
  const { method, path, body, headers } = request;
  const response = await app.request(path, {
    method,
    headers: Object.entries(headers).map(([name, value]): [string, string] => [name, String(value)]),
    ...(method !== 'GET' && method !== 'HEAD' && { body }),
  });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    ...(text && { body: text }),
  };
}
