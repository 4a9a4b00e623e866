import { randomBytes } from 'node:crypto';
import { createFaultQueue, type FaultScript } from '../faults/faults.ts';
import type { Job } from '../model/types.ts';
import { type AgentApi, startAgentApi } from './agent-api.ts';
import type { Buildkite } from './buildkite.ts';
import type { Declare } from './debounce.ts';
import { buildkiteHeaders } from './environment.ts';
import { type JobApi, startJobApi } from './job-api.ts';
import type { TokenHolder } from './promise-answer.ts';
import { declareUpstream } from './upstream.ts';

/** Faults for one server: one script per call; `repeatLast` goes on with the last one. */
export interface ServerFaults {
  readonly faults?: readonly FaultScript[];
  readonly repeatLast?: boolean;
}

/** The Job API of one job. */
export interface JobApiSetup extends ServerFaults {
  /** False: an agent older than the route. @default true */
  readonly knowsRoute?: boolean;
  /** False: an agent without a coordinator (500). @default true */
  readonly configured?: boolean;
  /** Replaces the call upstream: what the agent's declarer returns; a rejection is its panic. */
  readonly declare?: (exitStatus: number, reason: string) => Promise<{ status: number; error?: string }>;
}

/** How to set up the servers of one job. */
export interface JobServersOptions {
  readonly socketPath: string;
  readonly jobApi?: JobApiSetup | false;
  readonly agentApi?: ServerFaults;
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

/** The servers of one job, and the tokens they know. */
export interface JobServers {
  readonly agentApi: AgentApi;
  readonly jobApi: JobApi | undefined;
  readonly accessToken: string;
  readonly sessionToken: string;
}

/** Starts an Agent API of the job's own, and its Job API unless that is off. */
export async function startServers(
  buildkite: Buildkite,
  job: Job,
  options: JobServersOptions,
): Promise<JobServers> {
  const { clock, model, options: settings } = buildkite;
  const accessToken = randomBytes(20).toString('hex');
  const sessionToken = randomBytes(20).toString('hex');
  const tokens = new Map<string, TokenHolder>([
    [accessToken, { jobId: job.id }],
    [sessionToken, 'agent'],
  ]);
  const { promisesEnabled = true, upload } = settings;
  const faults = queueOf(options.agentApi);
  const agentApi = await startAgentApi({
    ...{ clock, model, faults, tokens, promisesEnabled, upload },
    issuer: buildkite.issuer,
    artifacts: buildkite.artifacts,
  });
  const upstream = {
    endpoint: agentApi.endpoint,
    token: accessToken,
    jobId: job.id,
    headers: buildkiteHeaders(options.requestHeaders),
    ...(settings.upstreamWaitsMs && { waitsMs: settings.upstreamWaitsMs }),
    ...(settings.upstreamTimeoutMs && { timeoutMs: settings.upstreamTimeoutMs }),
  };
  const declare: Declare = (exitStatus, reason) => declareUpstream(upstream, exitStatus, reason);
  const jobApi = await startOwnJobApi(buildkite, options, declare);
  return { agentApi, jobApi, accessToken, sessionToken };
}

async function startOwnJobApi(
  { clock }: Buildkite,
  { jobApi: setup = {}, socketPath }: JobServersOptions,
  declareUpstream: Declare,
): Promise<JobApi | undefined> {
  if (setup === false) return undefined;
  const { knowsRoute = true, configured = true, declare = declareUpstream } = setup;
  const faults = queueOf(setup);
  return startJobApi({ clock, socketPath, faults, knowsRoute, declare: configured ? declare : undefined });
}

function queueOf({ faults, repeatLast }: ServerFaults = {}) {
  return createFaultQueue(faults, repeatLast);
}
