import { type Context, Hono } from 'hono';
import type { Author, Build, BuildSpec, PullRequest } from '../model/types.ts';
import { bodyOf, textsOf } from './body.ts';
import { buildJson } from './build-json.ts';
import { buildFilter, jobFilter } from './filters.ts';
import { findBuild } from './find.ts';
import { page } from './pages.ts';
import { Refusal } from './reply.ts';
import { retryFailedJobs } from './retries.ts';
import type { RestWorld } from './world.ts';

/** Builds of the pipeline, below its address. Source: buildkite/docs pages/apis/rest_api/builds.md. */
export function buildRoutes(world: RestWorld, apiUrl: string): Hono {
  const app = new Hono();
  app.get('/', (c) => listBuilds(c, world, apiUrl));
  app.post('/', async (c) => {
    const spec = specOf(await bodyOf(c), world.needsCommit !== false);
    return c.json(buildJson(startBuild(world, spec), world, { withPipeline: true }), 201);
  });
  app.get('/:number', (c) => {
    const query = new URL(c.req.url).searchParams;
    const build = findBuild(c, world);
    const jobs =
      query.get('exclude_jobs') === 'true' ? false : build.jobs.filter(jobFilter(query, jobsShown(world)));
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
    const { id, number, message, branch, commit, env, author, pullRequest } = findBuild(c, world);
    const same = { message, branch, commit, env, author, pullRequest };
    const build = startBuild(world, { ...same, rebuiltFrom: { id, number } });
    return c.json(buildJson(build, world, { withPipeline: true }));
  });
  app.put('/:number/retry_failed_jobs', async (c) => {
    const build = findBuild(c, world);
    const count = retryFailedJobs(world.model, build, await bodyOf(c));
    return c.json({ ...buildJson(build, world, { withPipeline: true }), retried_jobs_count: count }, 202);
  });
  return app;
}

/** Of a build's own jobs those are shown that nothing has replaced. */
function jobsShown({ model }: RestWorld) {
  return { parameter: 'job_states', withRetried: false, countPromises: model.countPromises } as const;
}

/** Builds, newest first, as the pipeline, the organization and the user list them. */
export function listBuilds(c: Context, world: RestWorld, apiUrl: string): Response {
  const query = new URL(c.req.url).searchParams;
  const fits = buildFilter(query);
  const isShown = jobFilter(query, jobsShown(world));
  const withPipeline = query.get('exclude_pipeline') !== 'true';
  const withJobs = query.get('exclude_jobs') !== 'true';
  const builds = [...world.model.builds.values()].reverse().filter(fits);
  const write = (build: Build) =>
    buildJson(build, world, { jobs: withJobs && build.jobs.filter(isShown), withPipeline });
  return page(c, builds, write, apiUrl);
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
    author: authorOf(body.author),
    pullRequest: pullRequestOf(body),
  };
}

function authorOf(given: unknown): Author | null {
  const { name, email } = textsOf(given);
  return name === undefined && email === undefined ? null : { name: name ?? '', email: email ?? '' };
}

function pullRequestOf(body: Record<string, unknown>): PullRequest | null {
  const { pull_request_id: id, pull_request_base_branch: base, pull_request_repository: repository } = body;
  if (id === undefined || id === null) return null;
  const labels = body.pull_request_labels;
  return {
    id: String(id),
    base: typeof base === 'string' ? base : null,
    repository: typeof repository === 'string' ? repository : null,
    labels: Array.isArray(labels) ? labels.map(String) : [],
  };
}
