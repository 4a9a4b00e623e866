import type { Environment } from '../agent/environment.ts';
import { jobEnvironment } from '../agent/environment.ts';
import type { Build, Job } from '../model/types.ts';
import type { ConnectedAgent } from './registry.ts';

/** What a job is told of its agent. */
export type NamedAgent = Pick<ConnectedAgent, 'id' | 'name' | 'tags'>;

/** What the environment of an agent's job is made of. */
export interface AcceptedJobOptions {
  readonly build: Build;
  readonly job: Job;
  readonly agent: NamedAgent;
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
  const { agent, env, cwd } = options;
  const given = jobEnvironment({ ...options, endpoint: '', accessToken: '', binPath: '' });
  const own = Object.entries(given).filter(([name]) => !agentsOwn.includes(name));
  return {
    ...env,
    ...Object.fromEntries(own),
    BUILDKITE_AGENT_ID: agent.id,
    BUILDKITE_AGENT_NAME: agent.name,
    BUILDKITE_BUILD_CHECKOUT_PATH: cwd,
    BUILDKITE_REPO: cwd,
    BUILDKITE_SKIP_CHECKOUT: 'true',
    ...Object.fromEntries(agent.tags.map(tagVariable)),
  };
}

function tagVariable(tag: string): [name: string, value: string] {
  const [, name = tag, value = ''] = /^([^=]*)=(.*)$/s.exec(tag) ?? [];
  return [`BUILDKITE_AGENT_META_DATA_${name.toUpperCase().replace(/[^A-Z0-9]/g, '_')}`, value];
}
