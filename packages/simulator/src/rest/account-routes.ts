import { Hono } from 'hono';
import { person } from './account-json.ts';
import { agentRoutes } from './agent-routes.ts';
import { annotationRoutesOfJobs } from './annotation-routes.ts';
import { artifactRoutesOfJobs } from './artifact-routes.ts';
import { listBuilds } from './build-routes.ts';
import { jobRoutes } from './job-routes.ts';
import { page } from './pages.ts';
import { organizationJson, pipelineJson } from './pipeline-json.ts';
import type { RestWorld } from './world.ts';

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
  app.route(`${organization}/jobs`, artifactRoutesOfJobs(world, apiUrl));
  app.route(`${organization}/jobs`, annotationRoutesOfJobs(world, apiUrl));
  app.route(`${organization}/agents`, agentRoutes(world, apiUrl));
  for (const list of ['clusters', 'teams', 'members', 'emojis']) {
    app.get(`${organization}/${list}`, (c) => c.json([]));
  }
  return app;
}
