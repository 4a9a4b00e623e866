import { Hono } from 'hono';
import type { Model } from '../model/model.ts';
import type { JobVariables } from './job-variables.ts';

/** Meta-data and annotations of a job's build, below the job's own address. */
export function dataRoutes(model: Model): Hono<JobVariables> {
  const app = new Hono<JobVariables>();
  app.post('/data/set', (c) => {
    const problem = model.setMetaData(c.get('build'), [itemOf(c.get('body'))]);
    return problem === undefined ? c.json({}) : c.json({ message: problem }, 422);
  });
  app.post('/data/set-batch', (c) => {
    const { items } = c.get('body');
    const problem = model.setMetaData(c.get('build'), Array.isArray(items) ? items.map(itemOf) : []);
    return problem === undefined ? c.json({}) : c.json({ message: problem }, 422);
  });
  app.post('/data/get', (c) => {
    const { key } = itemOf(c.get('body'));
    const value = c.get('build').metaData[key];
    return value === undefined ? c.json({ message: 'No key found' }, 404) : c.json({ key, value });
  });
  app.post('/data/exists', (c) => {
    return c.json({ exists: itemOf(c.get('body')).key in c.get('build').metaData });
  });
  app.post('/data/keys', (c) => c.json(Object.keys(c.get('build').metaData)));
  app.post('/annotations', (c) => {
    const { id: jobId } = c.get('job');
    const made = model.annotate(c.get('build'), { ...c.get('body'), jobId });
    return typeof made === 'string' ? c.json({ message: made }, 422) : c.json({ id: made.id }, 201);
  });
  app.delete('/annotations/:context', (c) => {
    const which = {
      context: c.req.param('context'),
      scope: c.req.query('scope') || 'build',
      jobId: c.get('job').id,
    };
    const isGone = model.removeAnnotation(c.get('build'), which);
    return isGone ? c.body(null, 204) : c.json({ message: 'No annotation found' }, 404);
  });
  return app;
}

function itemOf(given: unknown): { key: string; value: string } {
  const { key = '', value = '' } = Object(given) as Record<string, unknown>;
  return { key: String(key), value: String(value) };
}
