import { Hono } from 'hono';
import type { Environment } from '../agent/environment.ts';
import { tokenOf } from '../agent/job-routes.ts';
import type { Model } from '../model/model.ts';
import type { Job } from '../model/types.ts';
import { agentOf, nextJob } from './dispatch.ts';
import type { AgentRegistry, ConnectedAgent } from './registry.ts';

/** What the calls of an agent's worker need. */
export interface WorkerContext {
  readonly model: Model;
  readonly registry: AgentRegistry;
  readonly registrationToken: string;
  /** Seconds; at least 1, or the agent panics. */
  readonly intervals: { readonly ping: number; readonly heartbeat: number; readonly jobStatus: number };
  /** The whole `env` of a job that this agent accepts. */
  readonly envOf: (job: Job, agent: ConnectedAgent) => Environment;
}

interface WorkerVariables {
  readonly Variables: { readonly agent: ConnectedAgent };
}

/** The Agent API as an agent's worker calls it. Source: buildkite/agent api/agents.go, pings.go, jobs.go. */
export function workerRoutes(context: WorkerContext): Hono<WorkerVariables> {
  const { model, registry, intervals } = context;
  const app = new Hono<WorkerVariables>();
  app.post('/v3/register', async (c) => {
    if (tokenOf(c) !== context.registrationToken) {
      const message = 'This registration token is not the one that the simulator printed at its start';
      return c.json({ message }, 401);
    }
    const body = Object(await c.req.json().catch(() => ({}))) as Record<string, unknown>;
    const text = (name: string) => (typeof body[name] === 'string' ? body[name] : '');
    const tags = Array.isArray(body.meta_data) ? body.meta_data.map(String) : [];
    const agent = registry.register({
      name: text('name') || '%hostname-%spawn',
      tags,
      version: text('version'),
      hostname: text('hostname'),
      os: text('os'),
    });
    return c.json({
      id: agent.id,
      name: agent.name,
      access_token: agent.token,
      ping_interval: intervals.ping,
      job_status_interval: intervals.jobStatus,
      heartbeat_interval: intervals.heartbeat,
      meta_data: agent.tags,
    });
  });
  for (const path of ['connect', 'heartbeat', 'disconnect', 'ping', 'jobs/:id/accept', 'jobs/:id/acquire']) {
    app.use(`/v3/${path}`, async (c, next) => {
      const agent = registry.agentOf(tokenOf(c));
      if (agent === undefined) return c.json({ message: unknownAgent }, 401);
      c.set('agent', agent);
      return next();
    });
  }
  app.post('/v3/connect', (c) => c.json({}));
  app.post('/v3/heartbeat', (c) => c.json({ received_at: new Date().toISOString() }));
  app.post('/v3/disconnect', (c) => {
    registry.leave(c.get('agent'), 'disconnected');
    return c.json({});
  });
  app.get('/v3/ping', (c) => {
    const agent = c.get('agent');
    if (agent.state !== 'connected') return c.json({ message: unknownAgent }, 401);
    if (agent.stopping) return c.json({ action: 'disconnect', message: 'Stopped over REST' });
    if (agent.paused) return c.json({ action: 'pause', message: 'Paused over REST' });
    const job = nextJob(model, agent);
    return c.json(job === undefined ? {} : { job: { id: job.id, state: job.state } });
  });
  app.put('/v3/jobs/:id/accept', (c) => {
    const agent = c.get('agent');
    const job = agent.job?.id === c.req.param('id') ? agent.job : undefined;
    if (job === undefined) return c.json({ message: 'This job is not given to this agent' }, 404);
    if (job.state !== 'assigned' && job.state !== 'accepted')
      return c.json({ message: `The job is ${job.state}` }, 422);
    return c.json(accept(job, agent));
  });
  app.put('/v3/jobs/:id/acquire', (c) => {
    const agent = c.get('agent');
    const job = model.findJob(c.req.param('id'));
    if (job === undefined) return c.json({ message: 'No job found' }, 404);
    if (job.state === 'waiting') return c.json({ message: 'The job still waits for others' }, 423);
    if (job.state !== 'scheduled') return c.json({ message: `The job is ${job.state}` }, 422);
    agent.job = job;
    return c.json(accept(job, agent));
  });

  function accept(job: Job, agent: ConnectedAgent) {
    if (job.state !== 'accepted') model.accept(job, agentOf(agent));
    return {
      id: job.id,
      state: 'accepted',
      token: registry.tokenFor(job),
      chunks_max_size_bytes: 102_400,
      chunks_interval_seconds: 1,
      env: context.envOf(job, agent),
    };
  }
  return app;
}

/** For an agent that outlived the server that knew it, or was given up as lost. */
const unknownAgent =
  'The simulator does not know this agent: it keeps nothing over a restart, and gives up agents that fall silent. Start the agent again with the token that the simulator printed';
