import { Hono } from 'hono';
import { accountRoutes } from './account-routes.ts';
import { annotationRoutes } from './annotation-routes.ts';
import { artifactRoutes } from './artifact-routes.ts';
import { buildRoutes } from './build-routes.ts';
import { buildJobRoutes } from './job-routes.ts';
import { createRateLimiter, type RateLimits } from './rate-limit.ts';
import { Refusal } from './reply.ts';
import type { RestWorld } from './world.ts';

/** What the REST API is made of. */
export interface RestAppOptions {
  readonly token: string;
  /** Absent: none is refused. */
  readonly rateLimits?: RateLimits | undefined;
}

/** The whole REST API below `/v2`: one organization with one pipeline. Source: buildkite/docs pages/apis/rest_api.md. */
export function restApp(world: RestWorld, { token, rateLimits }: RestAppOptions): Hono {
  const { apiUrl = 'https://api.buildkite.com/v2' } = world;
  const count = createRateLimiter(rateLimits, () => performance.now());
  const app = new Hono({ strict: false });
  app.use('/v2/*', async (c, next) => {
    const { headers, refusal } = count();
    // On a response of its own: a header of the context would not reach a whole Response that a route returns.
    if (refusal !== undefined) return c.json(refusal, 429, headers);
    if (c.req.header('authorization') !== `Bearer ${token}`) {
      return c.json(
        { message: 'Authentication required. Please supply a valid API Access Token' },
        401,
        headers,
      );
    }
    await next();
    for (const [name, value] of Object.entries(headers)) c.res.headers.set(name, value);
  });
  app.route('/v2', accountRoutes(world, apiUrl));
  const builds = `/v2/organizations/${world.organization}/pipelines/${world.pipeline}/builds`;
  app.route(builds, annotationRoutes(world, apiUrl));
  app.route(builds, artifactRoutes(world, apiUrl));
  app.route(builds, buildJobRoutes(world, apiUrl));
  app.route(builds, buildRoutes(world, apiUrl));
  app.notFound((c) => c.json({ message: 'Not Found' }, 404));
  app.onError((error, c) => {
    if (error instanceof Refusal) return c.json({ message: error.message }, error.status);
    return c.json({ message: `The simulator broke: ${error.message}` }, 500);
  });
  return app;
}
