import { type Context, Hono } from 'hono';
import type { Build } from '../model/types.ts';
import { isOver } from '../model/verdicts.ts';
import { bodyOf, textsOf } from './body.ts';
import { jobFilter } from './filters.ts';
import { findBuild, findJob } from './find.ts';
import { jobJson } from './job-json.ts';
import { answerLog } from './log-answer.ts';
import { cursorPage } from './pages.ts';
import { Refusal } from './reply.ts';
import { refuseRetry } from './retries.ts';
import type { RestWorld } from './world.ts';

/** Jobs of a build, below the builds of the pipeline. Source: buildkite/docs pages/apis/rest_api/jobs.md. */
export function buildJobRoutes(world: RestWorld, apiUrl: string): Hono {
  const app = new Hono();
  app.get('/:number/jobs', (c) => {
    const { countPromises } = world.model;
    const shown = { parameter: 'state', withRetried: true, countPromises } as const;
    const jobs = findBuild(c, world).jobs.filter(jobFilter(new URL(c.req.url).searchParams, shown));
    return cursorPage(c, jobs, (job) => jobJson(job, world), apiUrl);
  });
  app.route(
    '/:number/jobs',
    jobRoutes(world, (c) => findBuild(c, world)),
  );
  return app;
}

/** One job, by the address of its build or by that of its organization. */
export function jobRoutes(world: RestWorld, buildOf?: (c: Context) => Build): Hono {
  const { model, logs } = world;
  const app = new Hono();
  const find = (c: Context) => findJob(c, model, buildOf);
  app.get('/:id', (c) => c.json(jobJson(find(c), world)));
  app.put('/:id/retry', (c) => {
    const job = find(c);
    refuseRetry(job, model.builds.get(job.buildNumber));
    return c.json(jobJson(model.retry(job), world));
  });
  app.put('/:id/reprioritize', async (c) => {
    const job = find(c);
    const { priority } = await bodyOf(c);
    if (!Number.isInteger(priority)) throw new Refusal(400, 'Priority must be an integer');
    model.reprioritize(job, Number(priority));
    return c.json(jobJson(job, world));
  });
  app.put('/:id/unblock', async (c) => {
    const job = find(c);
    const build = model.builds.get(job.buildNumber);
    if (job.step.type !== 'manual') throw new Refusal(400, 'This job type cannot be unblocked');
    if (build === undefined || build.state === 'canceled' || build.state === 'canceling') {
      throw new Refusal(422, 'Jobs from canceled builds cannot be unblocked');
    }
    if (job.state !== 'blocked')
      throw new Refusal(422, `This job cannot be unblocked because it is ${job.state}`);
    const fields = Object.entries(textsOf((await bodyOf(c)).fields));
    const problem = model.setMetaData(
      build,
      fields.map(([key, value]) => ({ key, value })),
    );
    if (problem !== undefined) throw new Refusal(422, problem);
    model.unblockJob(job);
    return c.json(jobJson(job, world));
  });
  app.put('/:id/cancel', (c) => {
    const job = find(c);
    if (isOver(job)) throw new Refusal(422, `Job can't be canceled because it's already ${job.state}.`);
    model.cancel(job);
    return c.json(jobJson(job, world));
  });
  for (const path of ['/:id/log', '/:id/log.txt', '/:id/log.html'] as const) {
    app.get(path, (c) => {
      const job = find(c);
      if (job.step.type === 'manual') throw new Refusal(400, 'Only script jobs have a log');
      return answerLog(c, job, logs?.read(job.id) ?? Buffer.alloc(0), world);
    });
  }
  app.delete('/:id/log', (c) => {
    logs?.clear(find(c).id);
    return c.body(null, 204);
  });
  for (const path of ['/:id/env', '/:id/env.txt'] as const) {
    app.get(path, (c) =>
      answerEnv(c, world.envOf?.(find(c)) ?? { BUILDKITE: 'true', BUILDKITE_JOB_ID: find(c).id }),
    );
  }
  return app;
}

function answerEnv(c: Context, env: Readonly<Record<string, string>>): Response {
  const isPlain = c.req.path.endsWith('.txt') || (c.req.header('accept') ?? '').includes('text/plain');
  if (!isPlain) return c.json({ env });
  const lines = Object.entries(env).map(([name, value]) => `${name}=${JSON.stringify(value)}\n`);
  return c.text(lines.join(''));
}
