import { basename, dirname } from 'node:path/posix';
import { type Context, Hono } from 'hono';
import { type Artifact, matchesPattern } from '../model/artifact-store.ts';
import type { Build } from '../model/types.ts';
import { findBuild, findJob } from './find.ts';
import { page } from './pages.ts';
import { Refusal } from './reply.ts';
import type { RestWorld } from './world.ts';

/** Artifacts of a build and of its jobs. Source: buildkite/docs pages/apis/rest_api/artifacts.md. */
export function artifactRoutes(world: RestWorld, apiUrl: string): Hono {
  const app = new Hono();
  const buildOf = (c: Context) => findBuild(c, world);
  app.get('/:number/artifacts', (c) => list(c, world.artifacts?.ofBuild(buildOf(c)) ?? [], world, apiUrl));
  app.route('/:number/jobs', artifactRoutesOfJobs(world, apiUrl, buildOf));
  return app;
}

/** Artifacts of a job, by the address of its build or by that of its organization. */
export function artifactRoutesOfJobs(
  world: RestWorld,
  apiUrl: string,
  buildOf?: (c: Context) => Build,
): Hono {
  const { artifacts: store, model } = world;
  const app = new Hono();
  const ofJob = (c: Context) => store?.ofJob(findJob(c, model, buildOf)) ?? [];
  const find = (c: Context): Artifact => {
    const found = ofJob(c).find(({ id }) => id === c.req.param('artifact'));
    if (found === undefined) throw new Refusal(404, 'No artifact found');
    return found;
  };
  app.get('/:id/artifacts', (c) => list(c, ofJob(c), world, apiUrl));
  app.get('/:id/artifacts/:artifact', (c) => c.json(artifactJson(find(c), world, apiUrl)));
  app.get('/:id/artifacts/:artifact/download', (c) => {
    const { state, key } = find(c);
    if (state !== 'finished') throw new Refusal(404, 'No artifact found');
    const url = `${new URL(apiUrl).origin}/storage/${key}`;
    return c.json({ url }, 302, { location: url });
  });
  app.delete('/:id/artifacts/:artifact', (c) => {
    const artifact = find(c);
    artifact.state = 'deleted';
    artifact.bytes = undefined;
    return c.body(null, 204);
  });
  return app;
}

function list(c: Context, artifacts: readonly Artifact[], world: RestWorld, apiUrl: string): Response {
  const { path, state } = c.req.query();
  const chosen = artifacts.filter(
    (artifact) =>
      (state === undefined || artifact.state === state) &&
      (path === undefined || matchesPattern(artifact.path, path)),
  );
  return page(c, chosen, (artifact) => artifactJson(artifact, world, apiUrl), apiUrl);
}

function artifactJson(artifact: Artifact, { organization, pipeline }: RestWorld, apiUrl: string) {
  const { path, buildNumber, jobId, id } = artifact;
  const build = `${apiUrl}/organizations/${organization}/pipelines/${pipeline}/builds/${buildNumber}`;
  const url = `${build}/jobs/${jobId}/artifacts/${id}`;
  return {
    id,
    job_id: jobId,
    url,
    download_url: `${url}/download`,
    state: artifact.state,
    path,
    dirname: dirname(path),
    filename: basename(path),
    mime_type: artifact.contentType,
    file_size: artifact.fileSize,
    glob_path: artifact.globPath,
    original_path: artifact.absolutePath,
    sha1sum: artifact.sha1sum,
    sha256sum: artifact.sha256sum,
  };
}
