import { delimiter } from 'node:path';
import type { Build, Job } from '../model/types.ts';

/** Variables of a process by name. */
export type Environment = Record<string, string>;

/** The agent's default for `BUILDKITE_REDACTED_VARS`. Source: buildkite/agent clicommand/global.go. */
export const defaultRedactedVars =
  '*_PASSWORD,*_SECRET,*_TOKEN,*_PRIVATE_KEY,*_SSH_KEY,*_ACCESS_KEY,*_SECRET_KEY,*_CONNECTION_STRING,*_API_KEY';

/** What a job's environment is made of. */
export interface JobEnvironmentOptions {
  readonly build: Build;
  readonly job: Job;
  readonly organization: string;
  readonly pipeline: string;
  /** Base of the pages. @default https://buildkite.com */
  readonly webUrl?: string | undefined;
  readonly endpoint: string;
  readonly accessToken: string;
  /** The folder of the `buildkite-agent` command. */
  readonly binPath: string;
  /** Absent: the agent runs with `--no-job-api`. */
  readonly jobApi?: { readonly socketPath: string; readonly token: string } | undefined;
  /** Headers the server asked for: `Buildkite-Shard` becomes `BUILDKITE_REQUEST_HEADER_BUILDKITE_SHARD`. */
  readonly requestHeaders?: Readonly<Record<string, string>> | undefined;
}

/** The variables that the agent gives a job's process, and no others. */
export function jobEnvironment(options: JobEnvironmentOptions): Environment {
  const { build, job, organization, pipeline, jobApi, requestHeaders = {} } = options;
  const { webUrl = 'https://buildkite.com' } = options;
  const { timeoutInMinutes } = job.step;
  const headers = Object.entries(requestHeaders).map(([name, value]) => [headerVariable(name), value]);
  return {
    ...build.env,
    BUILDKITE: 'true',
    CI: 'true',
    BUILDKITE_AGENT_NAME: 'simulator-1',
    BUILDKITE_AGENT_ENDPOINT: options.endpoint,
    BUILDKITE_AGENT_ACCESS_TOKEN: options.accessToken,
    BUILDKITE_BIN_PATH: options.binPath,
    BUILDKITE_BRANCH: build.branch,
    BUILDKITE_BUILD_ID: build.id,
    BUILDKITE_BUILD_NUMBER: String(build.number),
    BUILDKITE_BUILD_URL: `${webUrl}/${organization}/${pipeline}/builds/${build.number}`,
    BUILDKITE_COMMIT: build.commit,
    BUILDKITE_JOB_ID: job.id,
    BUILDKITE_LABEL: job.step.label,
    BUILDKITE_MESSAGE: build.message,
    BUILDKITE_ORGANIZATION_SLUG: organization,
    BUILDKITE_PIPELINE_SLUG: pipeline,
    BUILDKITE_REDACTED_VARS: defaultRedactedVars,
    BUILDKITE_RETRY_COUNT: String(job.retryCount),
    BUILDKITE_STEP_ID: job.step.id,
    BUILDKITE_TIMEOUT: timeoutInMinutes === null ? 'false' : String(timeoutInMinutes),
    ...(job.step.key !== null && { BUILDKITE_STEP_KEY: job.step.key }),
    ...(job.parallel !== null && {
      BUILDKITE_PARALLEL_JOB: String(job.parallel.index),
      BUILDKITE_PARALLEL_JOB_COUNT: String(job.parallel.total),
    }),
    ...(jobApi !== undefined && {
      BUILDKITE_AGENT_JOB_API_SOCKET: jobApi.socketPath,
      BUILDKITE_AGENT_JOB_API_TOKEN: jobApi.token,
    }),
    ...Object.fromEntries(headers),
  };
}

/** The header variable's name. Source: buildkite/agent agent/job_runner.go. */
function headerVariable(name: string): string {
  return `BUILDKITE_REQUEST_HEADER_${name.toUpperCase().replaceAll('-', '_')}`;
}

/** The headers among `headers` that go out with every request: the agent sends those of Buildkite's own alone. */
export function buildkiteHeaders(headers: Readonly<Record<string, string>> = {}): Record<string, string> {
  return Object.fromEntries(Object.entries(headers).filter(([name]) => /^buildkite-/i.test(name)));
}

const foreign = /^(BUILDKITE($|_)|PROMISE_FAILURE($|_)|CI$)/i;

/** The machine's own variables without any that speak of a job or of promises: a job must not inherit them. */
export function machineEnvironment(env: Readonly<Record<string, string | undefined>>): Environment {
  const own: Environment = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && !foreign.test(name)) own[name] = value;
  }
  return own;
}

/** A whole process environment: the machine's, then the job's, the agent's folder last on PATH as the agent has it. */
export function processEnvironment(machine: Environment, job: Environment): Environment {
  const path = [machine.PATH, job.BUILDKITE_BIN_PATH].filter(Boolean).join(delimiter);
  return { ...machine, ...job, PATH: path };
}
