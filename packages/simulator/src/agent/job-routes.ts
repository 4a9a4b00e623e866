import { type Context, Hono } from 'hono';
import type { ArtifactStore } from '../model/artifact-store.ts';
import type { Job } from '../model/types.ts';
import { artifactRoutes } from './artifact-routes.ts';
import { dataRoutes } from './data-routes.ts';
import type { JobVariables } from './job-variables.ts';
import type { OidcIssuer } from './oidc.ts';
import { answerPromise, type PromiseContext } from './promise-answer.ts';

/** What the calls of a job's own commands need. */
export interface JobRoutesContext extends PromiseContext {
  readonly issuer: OidcIssuer;
  readonly artifacts: ArtifactStore;
  /** Address of the server that takes the bytes of artifacts; absent: the stand-in's alone are taken. */
  readonly storage?: string | undefined;
  /** Adds a pipeline that a job uploads; a text says why not. Absent: no job of this server can upload. */
  readonly upload?: ((job: Job, pipeline: unknown) => string | undefined) | undefined;
}

/**
 * The Agent API as a job's own commands call it with the job's token, below `/v3/jobs/:id`: the promise, meta-data,
 * annotations, artifacts, OIDC tokens and pipeline uploads. Source: buildkite/agent api/.
 */
export function jobRoutes(context: JobRoutesContext): Hono<JobVariables> {
  const { model, issuer } = context;
  const app = new Hono<JobVariables>();
  app.put('/v3/jobs/:id/promise_failure', async (c) => {
    const { status, headers, body } = answerPromise(
      { authorization: c.req.header('authorization'), contentType: c.req.header('content-type') },
      await c.req.text(),
      c.req.param('id'),
      context,
    );
    return new Response(status === 204 ? null : (body ?? ''), { status, headers: headers ?? {} });
  });
  app.use('/v3/jobs/:id/*', async (c, next) => {
    const holder = context.holderOf(tokenOf(c));
    if (holder === undefined) return c.json({ message: 'Authentication required' }, 401);
    const job = model.findJob(c.req.param('id'));
    const build = job && model.builds.get(job.buildNumber);
    const isOwn = holder !== 'agent' && holder.jobId === job?.id;
    if (job === undefined || build === undefined) return c.json({ message: 'No job found' }, 404);
    if (!isOwn) return c.json({ message: "This token is not this job's" }, 403);
    c.set('job', job);
    c.set('build', build);
    c.set('body', await bodyOf(c));
    return next();
  });
  app.route('/v3/jobs/:id', dataRoutes(model));
  app.post('/v3/jobs/:id/oidc/tokens', (c) => {
    const { audience, lifetime } = c.get('body');
    const token = issuer.issue(c.get('build'), c.get('job'), {
      ...(typeof audience === 'string' && audience !== '' && { audience }),
      ...(typeof lifetime === 'number' && lifetime > 0 && { lifetime }),
    });
    return c.json({ token });
  });
  app.post('/v3/jobs/:id/pipelines', (c) => {
    const { pipeline, replace } = c.get('body');
    if (context.upload === undefined || replace === true) {
      return c.json(
        { message: `This simulator takes no ${replace === true ? '--replace' : 'pipeline uploads'}` },
        422,
      );
    }
    const problem = context.upload(c.get('job'), pipeline);
    return problem === undefined ? c.json({}) : c.json({ message: problem }, 422);
  });
  app.route('/v3/jobs/:id', artifactRoutes(context.artifacts, context.storage));
  app.notFound((c) => c.json({ message: 'Not found' }, 404));
  return app;
}

/** The token of `Authorization: Token ...`, or ''. */
export function tokenOf(c: Context): string {
  return /^Token (.+)$/.exec(c.req.header('authorization') ?? '')?.[1] ?? '';
}

async function bodyOf(c: Context): Promise<Record<string, unknown>> {
  if (!/^application\/json\b/i.test(c.req.header('content-type') ?? '')) return {};
  const value: unknown = await c.req.json().catch(() => undefined);
  return typeof value === 'object' && value !== null ? { ...value } : {};
}
