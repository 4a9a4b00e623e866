import {
  type AgentApiProbe,
  type JobApiProbe,
  probeAgentApi,
  probeJobApi,
  readFlag,
} from '@promise-failure/core/command';
import { containerLines } from '../container.ts';
import type { Check, Finding, Place } from '../finding.ts';
import { checkAgentCommand } from './agent-command.ts';

/** The three ways of a promise. One that is closed is worth a note while another is open, else a problem. */
export const checkWays: Check = async (place) => {
  const { env, signal } = place;
  if (!env.BUILDKITE_JOB_ID || readFlag(env).type === 'dry-run') return [];
  const [jobApi, agentApi, command] = await Promise.all([
    probeJobApi(env, signal),
    probeAgentApi(env, signal),
    checkAgentCommand(place),
  ]);
  const findings = [tellJobApi(jobApi, place), tellAgentApi(agentApi), command];
  const isOpen = findings.some(({ status }) => status === 'ok');
  return findings.map((each) => (each.status === 'note' && !isOpen ? { ...each, status: 'problem' } : each));
};

function tellJobApi(probe: JobApiProbe, { env, inContainer }: Place): Finding {
  const closed = (says: string, todo: string): Finding => ({
    ...{ check: 'Job API', status: 'note', says, todo },
  });
  const mount = inContainer ? containerLines(env) : undefined;
  switch (probe.type) {
    case 'open':
      return { check: 'Job API', status: 'ok', says: 'the agent takes promises on its socket' };
    case 'unset':
      return closed(
        `${probe.missing.join(' and ')} not set`,
        mount ?? 'start the agent without --no-job-api (BUILDKITE_AGENT_NO_JOB_API)',
      );
    case 'absent':
      return closed(`there is no socket at ${probe.socket}`, mount ?? 'run this while its job runs');
    case 'no socket':
      return closed(
        `${probe.socket} is no socket`,
        mount ?? 'hand BUILDKITE_AGENT_JOB_API_SOCKET on unchanged',
      );
    case 'unreachable':
      return closed(
        `cannot connect to ${probe.socket} (${probe.because})`,
        mount ?? 'run the tests as the user of the agent, while its job runs',
      );
    case 'token refused':
      return closed('its token is not accepted', 'hand BUILDKITE_AGENT_JOB_API_TOKEN on unchanged');
    case 'too old':
      return closed(
        'the agent is older than 3.130.0, whose Job API first takes promises',
        'update the agent',
      );
    case 'unexpected':
      return closed(`it answered ${probe.status}`, 'look into the agent’s log');
  }
}

function tellAgentApi(probe: AgentApiProbe): Finding {
  const closed = (says: string, todo: string): Finding => ({
    ...{ check: 'Agent API', status: 'note', says, todo },
  });
  switch (probe.type) {
    case 'open':
      return { check: 'Agent API', status: 'ok', says: 'reached, and the job’s token is accepted' };
    case 'unset':
      return closed(`${probe.missing.join(' and ')} not set`, 'hand the job’s variables on unchanged');
    case 'unreachable':
      return closed(
        `cannot reach ${probe.endpoint} (${probe.because})`,
        'let this machine reach it, or name its proxy in HTTPS_PROXY and its authority in NODE_EXTRA_CA_CERTS',
      );
    case 'token refused':
      return closed(
        `the token is not this job’s (${probe.status})`,
        'hand BUILDKITE_AGENT_ACCESS_TOKEN on unchanged',
      );
    case 'unexpected':
      return closed(`it answered ${probe.status}`, 'try again; else look at what stands between');
  }
}
