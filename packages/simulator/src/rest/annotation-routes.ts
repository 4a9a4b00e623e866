import { type Context, Hono } from 'hono';
import { isoTime } from '../clock.ts';
import type { Model } from '../model/model.ts';
import type { Annotation, Build } from '../model/types.ts';
import { bodyOf } from './body.ts';
import { findBuild, findJob } from './find.ts';
import { annotationHtml } from './markdown.ts';
import { page } from './pages.ts';
import { Refusal } from './reply.ts';
import type { RestWorld } from './world.ts';

/** Annotations of a build and of its jobs. Source: buildkite/docs pages/apis/rest_api/annotations.md. */
export function annotationRoutes(world: RestWorld, apiUrl: string): Hono {
  const { model } = world;
  const app = new Hono();
  app.get('/:number/annotations', (c) => list(c, findBuild(c, world).annotations, apiUrl));
  app.post('/:number/annotations', async (c) => annotate(c, model, findBuild(c, world)));
  app.delete('/:number/annotations/:annotation', (c) => remove(c, model, findBuild(c, world)));
  app.route(
    '/:number/jobs',
    annotationRoutesOfJobs(world, apiUrl, (c) => findBuild(c, world)),
  );
  return app;
}

/** Annotations of a job, by the address of its build or by that of its organization. */
export function annotationRoutesOfJobs(
  world: RestWorld,
  apiUrl: string,
  buildOf?: (c: Context) => Build,
): Hono {
  const { model } = world;
  const app = new Hono();
  const find = (c: Context) => {
    const job = findJob(c, model, buildOf);
    const build = model.builds.get(job.buildNumber);
    if (build === undefined) throw new Refusal(404, 'No build found');
    return { job, build };
  };
  app.get('/:id/annotations', (c) => {
    const { job, build } = find(c);
    const own = build.annotations.filter(({ jobId }) => jobId === job.id);
    return list(c, own, apiUrl);
  });
  app.post('/:id/annotations', async (c) => {
    const { job, build } = find(c);
    return annotate(c, model, build, job.id);
  });
  app.delete('/:id/annotations/:annotation', (c) => {
    const { job, build } = find(c);
    return remove(c, model, build, job.id);
  });
  return app;
}

function list(c: Context, annotations: readonly Annotation[], apiUrl: string): Response {
  return page(
    c,
    annotations.toSorted((a, b) => b.priority - a.priority),
    annotationJson,
    apiUrl,
  );
}

async function annotate(c: Context, model: Model, build: Build, jobId?: string): Promise<Response> {
  const body = await bodyOf(c);
  const owner = jobId === undefined ? {} : { scope: 'job', jobId };
  const made = model.annotate(build, { ...body, ...owner });
  if (typeof made === 'string') throw new Refusal(422, made);
  return c.json(annotationJson(made), 201);
}

function remove(c: Context, model: Model, build: Build, jobId?: string): Response {
  const found = build.annotations.find(
    (known) => known.id === c.req.param('annotation') && (jobId === undefined || known.jobId === jobId),
  );
  if (found === undefined) throw new Refusal(404, 'No annotation found');
  model.removeAnnotation(build, { ...found, jobId: found.jobId ?? undefined });
  return c.body(null, 204);
}

function annotationJson(annotation: Annotation) {
  return {
    id: annotation.id,
    context: annotation.context,
    style: annotation.style,
    scope: annotation.scope,
    priority: annotation.priority,
    body_html: annotationHtml(annotation.body),
    created_at: isoTime(annotation.createdAt),
    updated_at: isoTime(annotation.updatedAt),
  };
}
