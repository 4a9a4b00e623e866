import type { Context } from 'hono';
import type { Model } from '../model/model.ts';
import type { Build, Job } from '../model/types.ts';
import { Refusal } from './reply.ts';

/** The build of the address, by its number or its id. */
export function findBuild(c: Context, { model }: { readonly model: Model }): Build {
  const number = c.req.param('number') ?? '';
  const build = /^\d+$/.test(number)
    ? model.builds.get(Number(number))
    : [...model.builds.values()].find(({ id }) => id === number);
  if (build === undefined) throw new Refusal(404, 'No build found');
  return build;
}

/** The job of the address, which must be one of the build that the address names, if it names one. */
export function findJob(c: Context, model: Model, buildOf?: (c: Context) => Build): Job {
  const build = buildOf?.(c);
  const job = model.findJob(c.req.param('id') ?? '');
  if (job === undefined || (build !== undefined && build.number !== job.buildNumber)) {
    throw new Refusal(404, 'No job found');
  }
  return job;
}
