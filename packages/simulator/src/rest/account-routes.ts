import { Hono } from 'hono';
import { isoTime } from '../clock.ts';
import { buildJson, person } from './build-json.ts';
import { listBuilds } from './build-routes.ts';
import { jobJson } from './job-json.ts';
import { jobRoutes } from './job-routes.ts';
import { page } from './pages.ts';
import { organizationJson, pipelineJson } from './pipeline-json.ts';
import { organizationUrl } from './place.ts';
import type { ListedAgent, RestWorld } from './world.ts';

const scopes = (
  'read_agents read_artifacts read_build_logs read_builds write_builds read_organizations read_pipelines read_user ' +
  'read_suites read_test_plan write_test_plan'
).split(' ');

/** The user, the token, the organization and what it has, below `/v2`. */
export function accountRoutes(world: RestWorld, apiUrl: string): Hono {
  const app = new Hono();
  const pipeline = () => pipelineJson(world, world.configuration?.());
  app.get('/user', (c) => c.json(person));
  app.get('/access-token', (c) => {
    return c.json({
      uuid: '00000000-0000-4000-8000-000000000004',
      scopes,
      description: 'Simulator',
      created_at: person.created_at,
      user: { name: person.name, email: person.email },
    });
  });
  app.get('/builds', (c) => listBuilds(c, world, apiUrl));
  app.get('/organizations', (c) => page(c, [world], organizationJson, apiUrl));
  const organization = `/organizations/${world.organization}` as const;
  app.get(organization, (c) => c.json(organizationJson(world)));
  app.get(`${organization}/builds`, (c) => listBuilds(c, world, apiUrl));
  app.get(`${organization}/pipelines`, (c) => {
    const name = c.req.query('name') ?? '';
    return page(c, world.pipeline.includes(name) ? [world] : [], pipeline, apiUrl);
  });
  app.get(`${organization}/pipelines/${world.pipeline}`, (c) => c.json(pipeline()));
  app.route(`${organization}/jobs`, jobRoutes(world));
  app.get(`${organization}/agents`, (c) => {
    return page(
      c,
      world.agents?.().filter(({ state }) => state === 'connected') ?? [],
      (agent) => agentJson(agent, world),
      apiUrl,
    );
  });
  app.get(`${organization}/agents/:id`, (c) => {
    const agent = world.agents?.().find(({ id }) => id === c.req.param('id'));
    return agent === undefined ? c.json({ message: 'No agent found' }, 404) : c.json(agentJson(agent, world));
  });
  for (const list of ['clusters', 'teams', 'members', 'emojis']) {
    app.get(`${organization}/${list}`, (c) => c.json([]));
  }
  return app;
}

function agentJson(agent: ListedAgent, world: RestWorld) {
  const build = agent.job && world.model.builds.get(agent.job.buildNumber);
  return {
    id: agent.id,
    url: `${organizationUrl(world)}/agents/${agent.id}`,
    web_url: `${world.webUrl ?? 'https://buildkite.com'}/organizations/${world.organization}/agents/${agent.id}`,
    name: agent.name,
    connection_state: agent.state,
    hostname: agent.hostname,
    ip_address: '127.0.0.1',
    user_agent: `buildkite-agent/${agent.version}`,
    version: agent.version,
    creator: null,
    created_at: isoTime(agent.createdAt),
    job: agent.job && jobJson(agent.job, world),
    build: build ? buildJson(build, world, false) : null,
    last_job_finished_at: null,
    priority: 0,
    meta_data: agent.tags,
    paused: false,
  };
}
