import { fileURLToPath } from 'node:url';
import type { RetryRule, SoftFail } from '../model/exit-rules.ts';
import type { JobEnd } from '../model/model.ts';
import { createStep } from '../model/records.ts';
import type { Build, Job, ModelEvent } from '../model/types.ts';
import type { AgentApi } from './agent-api.ts';
import { waitsVariable } from './agent-command.ts';
import type { Buildkite } from './buildkite.ts';
import { type Environment, jobEnvironment, machineEnvironment, processEnvironment } from './environment.ts';
import type { JobApi } from './job-api.ts';
import { type JobApiSetup, type ServerFaults, startServers } from './job-servers.ts';

/** Options of a job; all may be left out. */
export interface JobOptions {
  /** An existing job of the model instead of a new one; it must be scheduled. */
  readonly job?: Job;
  readonly build?: Build;
  /** @default 'Tests' */
  readonly label?: string;
  readonly key?: string;
  readonly command?: string;
  readonly softFail?: SoftFail;
  readonly automaticRetry?: readonly RetryRule[];
  readonly cancelOnBuildFailing?: boolean;
  readonly parallel?: { readonly index: number; readonly total: number };
  readonly retryCount?: number;
  /** False: an agent started with `--no-job-api`. @default {} */
  readonly jobApi?: JobApiSetup | false;
  readonly agentApi?: ServerFaults;
  /** Headers the server wants back with every request; only `Buildkite-` ones are sent. */
  readonly requestHeaders?: Readonly<Record<string, string>>;
}

/** A promise as Buildkite accepted it. */
export interface AcceptedPromise {
  readonly exitStatus: number;
  readonly reason: string | null;
  readonly at: number;
}

/** A running job with its servers. */
export interface SimulatedJob {
  readonly job: Job;
  /** Exactly what the agent adds to the job's process: no PATH, nothing of this machine. */
  readonly env: Environment;
  /** A whole process environment on top of `machine`, without its BUILDKITE*, CI and PROMISE_FAILURE* variables. */
  processEnv(machine?: Readonly<Record<string, string | undefined>>): Environment;
  /** At most one: Buildkite records one promise per job. */
  readonly promises: readonly AcceptedPromise[];
  /** Absent with `jobApi: false`. */
  readonly jobApi: JobApi | undefined;
  readonly agentApi: AgentApi;
  /** A session token of the agent, which is no job's token (403). */
  readonly sessionToken: string;
  /** Ends the job in the model. */
  finish(end: number | JobEnd): void;
  close(): Promise<void>;
}

const agentFolder = fileURLToPath(new URL('../../bin/agent', import.meta.url));

/** Starts the servers of one job, and the job. */
export async function startJob(
  buildkite: Buildkite,
  socketPath: string,
  options: JobOptions,
): Promise<SimulatedJob> {
  const { model } = buildkite;
  const job = options.job ?? addJob(buildkite, options);
  const { agentApi, jobApi, accessToken, sessionToken } = await startServers(buildkite, job, {
    socketPath,
    ...options,
  });
  const env = jobEnvironment({
    build: buildOf(buildkite, job),
    job,
    organization: buildkite.organization,
    pipeline: buildkite.pipeline,
    endpoint: agentApi.endpoint,
    accessToken,
    webUrl: buildkite.options.webUrl,
    binPath: agentFolder,
    jobApi,
    requestHeaders: options.requestHeaders,
  });
  const waits = buildkite.options.upstreamWaitsMs;
  if (waits !== undefined) env[waitsVariable] = waits.join(',');
  const promises: AcceptedPromise[] = [];
  const unsubscribe = model.subscribe((event) => keepPromise(event, job, promises));
  // Cancelled while its servers started: it stays as it is.
  if (job.state === 'scheduled') model.start(job);
  return {
    job,
    env,
    promises,
    jobApi,
    agentApi,
    sessionToken,
    processEnv: (machine = process.env) => processEnvironment(machineEnvironment(machine), env),
    finish: (end) => model.finish(job, typeof end === 'number' ? { exitStatus: end } : end),
    async close() {
      unsubscribe();
      await Promise.all([jobApi?.close(), agentApi.close()]);
    },
  };
}

function addJob(buildkite: Buildkite, options: JobOptions): Job {
  const { label = 'Tests', command = '', parallel, retryCount, ...rest } = options;
  const step = createStep({ ...rest, label, command });
  return buildkite.model.addJob(options.build ?? buildkite.build, { step, parallel, retryCount });
}

function buildOf({ model }: Buildkite, { buildNumber }: Job): Build {
  const build = model.builds.get(buildNumber);
  if (build === undefined) throw new Error(`no build ${buildNumber} in this model`);
  return build;
}

function keepPromise(event: ModelEvent, job: Job, promises: AcceptedPromise[]): void {
  if (event.type !== 'job.promised_exit_status' || event.job.id !== job.id) return;
  const { promisedExitStatus } = event.job;
  if (promisedExitStatus === null) return;
  promises.push({ exitStatus: promisedExitStatus, reason: event.reason, at: event.at });
}
