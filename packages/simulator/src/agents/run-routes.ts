import { gunzipSync } from 'node:zlib';
import { Hono } from 'hono';
import { type JobRoutesContext, tokenOf } from '../agent/job-routes.ts';
import type { JobLogs } from '../logs/job-logs.ts';
import type { Job } from '../model/types.ts';
import { isOver } from '../model/verdicts.ts';

interface RunVariables {
  readonly Variables: { readonly job: Job };
}

/** The Agent API as an agent calls it while it runs a job, with the job's token. Source: buildkite/agent api/jobs.go. */
export function runRoutes({ model, holderOf }: JobRoutesContext, logs: JobLogs): Hono<RunVariables> {
  const app = new Hono<RunVariables>();
  for (const path of ['', '/start', '/finish', '/chunks']) {
    app.use(`/v3/jobs/:id${path}`, async (c, next) => {
      const holder = holderOf(tokenOf(c));
      if (holder === undefined) return c.json({ message: 'Authentication required' }, 401);
      const job = model.findJob(c.req.param('id'));
      if (job === undefined) return c.json({ message: 'No job found' }, 404);
      if (holder !== 'agent' && holder.jobId !== job.id)
        return c.json({ message: "This token is not this job's" }, 403);
      c.set('job', job);
      return next();
    });
  }
  app.get('/v3/jobs/:id', (c) => c.json({ state: stateFor(c.get('job')) }));
  app.put('/v3/jobs/:id', async (c) => {
    const job = c.get('job');
    const { priority, ...others } = Object(await c.req.json().catch(() => ({}))) as Record<string, unknown>;
    if (Object.keys(others).length > 0 || !/^-?\d+$/.test(String(priority))) {
      return c.json(
        { message: 'This simulator changes of a job its priority alone, to a whole number' },
        422,
      );
    }
    model.reprioritize(job, Number(priority));
    return c.json({ id: job.id });
  });
  app.put('/v3/jobs/:id/start', (c) => {
    const job = c.get('job');
    if (job.state !== 'accepted') return c.json({ message: `The job is ${job.state} and cannot start` }, 422);
    model.start(job);
    return c.json({});
  });
  app.post('/v3/jobs/:id/chunks', async (c) => {
    const body = Buffer.from(await c.req.arrayBuffer());
    const isZipped = c.req.header('content-encoding') === 'gzip';
    logs.write(c.get('job').id, Number(c.req.query('offset') ?? 0), isZipped ? gunzipSync(body) : body);
    return c.json({}, 201);
  });
  app.put('/v3/jobs/:id/finish', async (c) => {
    const job = c.get('job');
    // An agent repeats what got no answer.
    if (isOver(job)) return c.json({});
    const body = Object(await c.req.json().catch(() => ({}))) as Record<string, unknown>;
    if (job.startedAt === null) model.start(job);
    model.finish(job, {
      exitStatus: Number.parseInt(String(body.exit_status), 10) || 0,
      signal: textOf(body.signal),
      signalReason: textOf(body.signal_reason),
    });
    return c.json({});
  });
  return app;
}

/** The states that an agent asks about: those it has to act on are the same in its words. */
function stateFor({ state, passed }: Job): string {
  return state === 'finished' ? (passed ? 'passed' : 'failed') : state;
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null;
}
