import { type Context, Hono } from 'hono';
import { isoTime } from '../clock.ts';
import type { Annotation } from '../model/types.ts';
import { findBuild } from './build-routes.ts';
import { annotationHtml } from './markdown.ts';
import { page } from './pages.ts';
import { Refusal } from './reply.ts';
import type { RestWorld } from './world.ts';

/** Annotations of a build and of its jobs. Source: buildkite/docs pages/apis/rest_api/annotations.md. */
export function annotationRoutes(world: RestWorld, apiUrl: string): Hono {
  const { model } = world;
  const app = new Hono();
  app.get('/:number/annotations', (c) => {
    const sorted = [...findBuild(c, world).annotations].sort((a, b) => b.priority - a.priority);
    return page(c, sorted, annotationJson, apiUrl);
  });
  app.get('/:number/jobs/:id/annotations', (c) => {
    const own = findBuild(c, world).annotations.filter(({ jobId }) => jobId === c.req.param('id'));
    return page(c, own, annotationJson, apiUrl);
  });
  app.post('/:number/annotations', (c) => annotate(c, {}));
  app.post('/:number/jobs/:id/annotations', (c) => annotate(c, { scope: 'job', jobId: c.req.param('id') }));
  app.delete('/:number/annotations/:annotation', (c) => {
    const build = findBuild(c, world);
    const found = build.annotations.find(({ id }) => id === c.req.param('annotation'));
    if (found === undefined) throw new Refusal(404, 'No annotation found');
    model.removeAnnotation(build, { ...found, jobId: found.jobId ?? undefined });
    return c.body(null, 204);
  });
  app.get('/:number/artifacts', (c) => {
    findBuild(c, world);
    return c.json([]);
  });

  async function annotate(c: Context, owner: { scope?: string; jobId?: string }): Promise<Response> {
    const build = findBuild(c, world);
    if (owner.jobId !== undefined && !build.jobs.some(({ id }) => id === owner.jobId)) {
      throw new Refusal(404, 'No job found');
    }
    const body = Object(await c.req.json().catch(() => ({}))) as Record<string, string>;
    const made = model.annotate(build, { ...body, ...owner });
    if (typeof made === 'string') throw new Refusal(422, made);
    return c.json(annotationJson(made), 201);
  }
  return app;
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
