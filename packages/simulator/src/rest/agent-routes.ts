import { type Context, Hono } from 'hono';
import { agentJson } from './agent-json.ts';
import { bodyOf } from './body.ts';
import { buildJson } from './build-json.ts';
import { jobJson } from './job-json.ts';
import { page } from './pages.ts';
import { Refusal } from './reply.ts';
import type { ListedAgent, RestWorld } from './world.ts';

/** Agents that are connected, below the organization, where they can be stopped and paused. Source: buildkite/docs pages/apis/rest_api/agents.md. */
export function agentRoutes(world: RestWorld, apiUrl: string): Hono {
  const app = new Hono();
  const connected = () => (world.agents?.() ?? []).filter(({ state }) => state === 'connected');
  app.get('/', (c) => {
    const { name, hostname, version } = c.req.query();
    const fits = (agent: ListedAgent) =>
      (name === undefined || agent.name === name) &&
      (hostname === undefined || agent.hostname === hostname) &&
      (version === undefined || agent.version === version);
    return page(c, connected().filter(fits), (agent) => listed(agent, world), apiUrl);
  });
  app.get('/:id', (c) => c.json(listed(find(c, world.agents?.() ?? []), world)));
  app.put('/:id/stop', async (c) => {
    const agent = find(c, connected());
    const { force = true } = await bodyOf(c);
    agent.stopping = true;
    if (force !== false && agent.job !== null) world.model.cancel(agent.job);
    return c.body(null, 204);
  });
  for (const move of ['pause', 'resume'] as const) {
    app.put(`/:id/${move}`, (c) => {
      const agent = find(c, connected());
      const isPausing = move === 'pause';
      if (agent.paused === isPausing)
        throw new Refusal(422, `Agent is ${isPausing ? 'already' : 'not'} paused`);
      agent.paused = isPausing;
      return c.body(null, 204);
    });
  }
  return app;
}

function find(c: Context, agents: readonly ListedAgent[]): ListedAgent {
  const agent = agents.find(({ id }) => id === c.req.param('id'));
  if (agent === undefined) throw new Refusal(404, 'No agent found');
  return agent;
}

function listed(agent: ListedAgent, world: RestWorld) {
  const build = agent.job && world.model.builds.get(agent.job.buildNumber);
  return {
    ...agentJson(agent, world),
    connection_state: agent.stopping && agent.state === 'connected' ? 'stopping' : agent.state,
    job: agent.job && jobJson(agent.job, world),
    build: build ? buildJson(build, world, false) : null,
    last_job_finished_at: null,
    priority: 0,
    meta_data: agent.tags,
    paused: agent.paused,
  };
}
