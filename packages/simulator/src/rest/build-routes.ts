import { type Context, Hono } from 'hono';
import type { Build, BuildSpec } from '../model/types.ts';
import { buildJson } from './build-json.ts';
import { buildFilter, jobFilter } from './filters.ts';
import { page } from './pages.ts';
import { Refusal } from './reply.ts';
import type { RestWorld } from './world.ts';

/** Builds of the pipeline, below its address. Source: buildkite/docs pages/apis/rest_api/builds.md. */
export function buildRoutes(world: RestWorld, apiUrl: string): Hono {
  const app = new Hono();
  app.get('/', (c) => listBuilds(c, world, apiUrl));
  app.post('/', async (c) => {
    const spec = specOf(Object(await c.req.json().catch(() => ({}))), world.needsCommit !== false);
    return c.json(buildJson(startBuild(world, spec), world, { withPipeline: true }), 201);
  });
  app.get('/:number', (c) => {
    const query = new URL(c.req.url).searchParams;
    const build = findBuild(c, world);
    const jobs =
      query.get('exclude_jobs') === 'true' ? false : build.jobs.filter(jobFilter(query, 'job_states', false));
    const withPipeline = query.get('exclude_pipeline') !== 'true';
    return c.json(buildJson(build, world, { jobs, withPipeline, withCounts: true }));
  });
  app.put('/:number/cancel', (c) => {
    const build = findBuild(c, world);
    if (!['scheduled', 'running', 'failing'].includes(build.state)) {
      throw new Refusal(422, `Build can't be canceled because it's already ${build.state}.`);
    }
    world.model.cancelBuild(build);
    return c.json(buildJson(build, world, { withPipeline: true }));
  });
  app.put('/:number/rebuild', (c) => {
    const { id, number, message, branch, commit, env, metaData } = findBuild(c, world);
    const build = startBuild(world, { message, branch, commit, env, metaData, rebuiltFrom: { id, number } });
    return c.json(buildJson(build, world, { withPipeline: true }));
  });
  return app;
}

/** Builds, newest first, as the pipeline, the organization and the user list them. */
export function listBuilds(c: Context, world: RestWorld, apiUrl: string): Response {
  const query = new URL(c.req.url).searchParams;
  const fits = buildFilter(query);
  const isShown = jobFilter(query, 'job_states', false);
  const withPipeline = query.get('exclude_pipeline') !== 'true';
  const withJobs = query.get('exclude_jobs') !== 'true';
  const builds = [...world.model.builds.values()].reverse().filter(fits);
  const write = (build: Build) =>
    buildJson(build, world, { jobs: withJobs && build.jobs.filter(isShown), withPipeline });
  return page(c, builds, write, apiUrl);
}

/** The build of the address. */
export function findBuild(c: Context, { model }: RestWorld): Build {
  const number = c.req.param('number') ?? '';
  const build = /^\d+$/.test(number)
    ? model.builds.get(Number(number))
    : [...model.builds.values()].find(({ id }) => id === number);
  if (build === undefined) throw new Refusal(404, 'No build found');
  return build;
}

function startBuild({ startBuild: start, model }: RestWorld, spec: BuildSpec): Build {
  const build = start === undefined ? model.createBuild(spec) : start(spec);
  if (typeof build === 'string') throw new Refusal(422, build);
  return build;
}

function specOf(body: Record<string, unknown>, needsCommit: boolean): BuildSpec {
  const { commit, branch, message } = body;
  if (needsCommit && (typeof commit !== 'string' || commit === ''))
    throw new Refusal(422, 'Commit cannot be blank');
  if (needsCommit && (typeof branch !== 'string' || branch === ''))
    throw new Refusal(422, 'Branch cannot be blank');
  return {
    ...(typeof commit === 'string' && { commit }),
    ...(typeof branch === 'string' && { branch }),
    message: typeof message === 'string' ? message : '',
    env: textsOf(body.env),
    metaData: textsOf(body.meta_data),
  };
}

function textsOf(value: unknown): Record<string, string> {
  return Object.fromEntries(Object.entries(Object(value)).map(([name, text]) => [name, String(text)]));
}
