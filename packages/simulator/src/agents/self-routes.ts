import { Hono } from 'hono';
import { type JobRoutesContext, tokenOf } from '../agent/job-routes.ts';
import { isoTime } from '../clock.ts';
import { type Artifact, matchesPattern } from '../model/artifact-store.ts';
import type { Build, Job } from '../model/types.ts';
import type { AgentRegistry, ConnectedAgent } from './registry.ts';

interface SelfVariables {
  readonly Variables: { readonly agent: ConnectedAgent; readonly build: Build };
}

/**
 * What a job says, with its own token, about the agent that runs it and about its build.
 * Source: buildkite/agent api/agents.go, builds.go, artifacts.go.
 */
export function selfRoutes(
  { model, holderOf, artifacts, storage }: JobRoutesContext,
  registry: AgentRegistry,
): Hono<SelfVariables> {
  const app = new Hono<SelfVariables>();
  const jobOf = (token: string): Job | undefined => {
    const holder = holderOf(token);
    return holder === undefined || holder === 'agent' ? undefined : model.findJob(holder.jobId);
  };
  for (const path of ['pause', 'resume', 'stop']) {
    app.use(`/v3/${path}`, async (c, next) => {
      const job = jobOf(tokenOf(c));
      const agent = registry.agents.find((known) => job !== undefined && known.job === job);
      if (agent === undefined)
        return c.json({ message: 'This is no token of a job that an agent runs' }, 401);
      c.set('agent', agent);
      return next();
    });
  }
  app.post('/v3/pause', (c) => {
    c.get('agent').paused = true;
    return c.json({});
  });
  app.post('/v3/resume', (c) => {
    c.get('agent').paused = false;
    return c.json({});
  });
  app.post('/v3/stop', async (c) => {
    const { agent } = c.var;
    const { force } = Object(await c.req.json().catch(() => ({}))) as Record<string, unknown>;
    agent.stopping = true;
    if (force === true && agent.job !== null) model.cancel(agent.job);
    return c.json({});
  });
  app.use('/v3/builds/:id/*', async (c, next) => {
    const job = jobOf(tokenOf(c));
    const build = job && model.builds.get(job.buildNumber);
    if (build === undefined) return c.json({ message: 'Authentication required' }, 401);
    if (build.id !== c.req.param('id')) return c.json({ message: 'No build found' }, 404);
    c.set('build', build);
    return next();
  });
  app.post('/v3/builds/:id/cancel', (c) => {
    const build = c.get('build');
    model.cancelBuild(build);
    return c.json({ uuid: build.id });
  });
  app.get('/v3/builds/:id/artifacts/search', (c) => {
    const { query = '', scope } = c.req.query();
    const found = artifacts.ofBuild(c.get('build')).filter(({ path, jobId, state }) => {
      const key = model.findJob(jobId)?.step.key;
      return (
        state === 'finished' && matchesPattern(path, query) && (!scope || scope === jobId || scope === key)
      );
    });
    return c.json(found.map((artifact) => foundJson(artifact, storage ?? '')));
  });
  return app;
}

function foundJson(artifact: Artifact, storage: string) {
  return {
    id: artifact.id,
    job_id: artifact.jobId,
    path: artifact.path,
    absolute_path: artifact.absolutePath,
    glob_path: artifact.globPath,
    file_size: artifact.fileSize,
    sha1sum: artifact.sha1sum,
    sha256sum: artifact.sha256sum,
    created_at: isoTime(artifact.createdAt),
    url: `${storage}/storage/${artifact.key}`,
  };
}
