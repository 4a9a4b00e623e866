import type { Environment } from '../agent/environment.ts';
import { jobEnvironment } from '../agent/environment.ts';
import type { Build, Job } from '../model/types.ts';
import type { ConnectedAgent } from './registry.ts';

/** What the environment of an agent's job is made of. */
export interface AcceptedJobOptions {
  readonly build: Build;
  readonly job: Job;
  readonly agent: ConnectedAgent;
  readonly organization: string;
  readonly pipeline: string;
  readonly webUrl: string;
  /** The folder that jobs run in: there is no checkout. */
  readonly cwd: string;
  /** What pipeline and step add. */
  readonly env: Environment;
}

/** Variables that the agent makes itself, and warns about when the server sends them. */
const agentsOwn = [
  'BUILDKITE_AGENT_ENDPOINT',
  'BUILDKITE_AGENT_ACCESS_TOKEN',
  'BUILDKITE_BIN_PATH',
  'BUILDKITE_REDACTED_VARS',
];

/** The `env` of an accepted job. Source: buildkite/agent clicommand/bootstrap.go names what must be there. */
export function acceptedEnvironment(options: AcceptedJobOptions): Environment {
  const { build, job, agent, env, cwd } = options;
  const given = jobEnvironment({ ...options, endpoint: '', accessToken: '', binPath: '' });
  const own = Object.entries(given).filter(([name]) => !agentsOwn.includes(name));
  return {
    ...env,
    ...Object.fromEntries(own),
    BUILDKITE_AGENT_ID: agent.id,
    BUILDKITE_AGENT_NAME: agent.name,
    BUILDKITE_BUILD_CHECKOUT_PATH: cwd,
    BUILDKITE_COMMAND: job.step.command,
    BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main',
    BUILDKITE_PIPELINE_PROVIDER: 'git',
    BUILDKITE_PULL_REQUEST: 'false',
    BUILDKITE_REPO: cwd,
    BUILDKITE_SKIP_CHECKOUT: 'true',
    BUILDKITE_SOURCE: 'api',
    BUILDKITE_TAG: '',
    BUILDKITE_AGENT_META_DATA_QUEUE: queueOf(agent.tags),
    ...(build.rebuiltFrom !== null && {
      BUILDKITE_REBUILT_FROM_BUILD_ID: build.rebuiltFrom.id,
      BUILDKITE_REBUILT_FROM_BUILD_NUMBER: String(build.rebuiltFrom.number),
    }),
  };
}

function queueOf(tags: readonly string[]): string {
  return tags.find((tag) => tag.startsWith('queue='))?.slice('queue='.length) ?? 'default';
}
