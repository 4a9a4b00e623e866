import { type Context, Hono } from 'hono';
import type { Build, Job } from '../model/types.ts';
import { isOver } from '../model/verdicts.ts';
import { findBuild } from './build-routes.ts';
import { jobFilter } from './filters.ts';
import { jobJson } from './job-json.ts';
import { answerLog } from './log-answer.ts';
import { cursorPage } from './pages.ts';
import { Refusal } from './reply.ts';
import type { RestWorld } from './world.ts';

/** Jobs of a build, below the builds of the pipeline. Source: buildkite/docs pages/apis/rest_api/jobs.md. */
export function buildJobRoutes(world: RestWorld, apiUrl: string): Hono {
  const app = new Hono();
  app.get('/:number/jobs', (c) => {
    const jobs = findBuild(c, world).jobs.filter(jobFilter(new URL(c.req.url).searchParams, 'state', true));
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
  const find = (c: Context): Job => {
    const build = buildOf?.(c);
    const job = model.findJob(c.req.param('id') ?? '');
    if (job === undefined || (build !== undefined && build.number !== job.buildNumber)) {
      throw new Refusal(404, 'No job found');
    }
    return job;
  };
  app.get('/:id', (c) => c.json(jobJson(find(c), world)));
  app.put('/:id/retry', async (c) => {
    const job = find(c);
    refuseRetry(job, Object(await c.req.json().catch(() => ({}))) as Record<string, unknown>);
    return c.json(jobJson(model.retry(job), world));
  });
  app.put('/:id/unblock', (c) => {
    const job = find(c);
    if (job.state !== 'blocked')
      throw new Refusal(422, 'This job cannot be unblocked: it is no blocked step');
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
  app.get('/:id/env', (c) => c.json({ env: { BUILDKITE: 'true', BUILDKITE_JOB_ID: find(c).id } }));
  app.get('/:id/artifacts', (c) => {
    find(c);
    return c.json([]);
  });
  return app;
}

function refuseRetry(job: Job, { permit_on_passed: permitsPassed }: Record<string, unknown>): void {
  if (job.step.type === 'manual') throw new Refusal(400, 'Only script jobs can be retried');
  if (job.retriedInJobId !== null) throw new Refusal(422, 'This job has been retried already');
  const canBe = job.state === 'timed_out' || job.state === 'canceled' || job.state === 'expired';
  const isFailed = job.state === 'finished' && !job.passed;
  if (canBe || isFailed || (job.state === 'finished' && permitsPassed === true)) return;
  throw new Refusal(422, 'Only failed, timed out or canceled jobs can be retried');
}
