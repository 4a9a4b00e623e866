import { isoTime } from '../clock.ts';
import type { JobAgent } from '../model/types.ts';
import { person } from './account-json.ts';
import { graphqlId } from './graphql-id.ts';
import { organizationUrl, type PipelinePlace } from './place.ts';

/** An agent as its jobs name it; the list of agents has more. Source: buildkite/docs pages/apis/rest_api/agents.md. */
export function agentJson(agent: JobAgent, place: PipelinePlace) {
  const { webUrl = 'https://buildkite.com', organization } = place;
  return {
    id: agent.id,
    graphql_id: graphqlId('Agent', agent.id),
    url: `${organizationUrl(place)}/agents/${agent.id}`,
    web_url: `${webUrl}/organizations/${organization}/agents/${agent.id}`,
    name: agent.name,
    connection_state: 'connected',
    hostname: agent.hostname,
    ip_address: '127.0.0.1',
    user_agent: `buildkite-agent/${agent.version}`,
    version: agent.version,
    creator: person,
    created_at: isoTime(agent.createdAt),
  };
}
