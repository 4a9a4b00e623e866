import { basename, dirname } from 'node:path/posix';
import { type Context, Hono } from 'hono';
import type { Artifact } from '../model/artifact-store.ts';
import { findBuild, findJob } from './find.ts';
import { page } from './pages.ts';
import { Refusal } from './reply.ts';
import type { RestWorld } from './world.ts';

/** Artifacts of a build and of its jobs. Source: buildkite/docs pages/apis/rest_api/artifacts.md. */
export function artifactRoutes(world: RestWorld, apiUrl: string): Hono {
  const { artifacts: store, model } = world;
  const app = new Hono();
  const jobOf = (c: Context) => findJob(c, model, (own) => findBuild(own, world));
  const find = (c: Context): Artifact => {
    const job = jobOf(c);
    const found = store?.ofJob(job).find(({ id }) => id === c.req.param('artifact'));
    if (found === undefined) throw new Refusal(404, 'No artifact found');
    return found;
  };
  const write = (c: Context) => (artifact: Artifact) =>
    artifactJson(artifact, addressOf(world, apiUrl, findBuild(c, world).number, artifact));
  app.get('/:number/artifacts', (c) => page(c, store?.ofBuild(findBuild(c, world)) ?? [], write(c), apiUrl));
  app.get('/:number/jobs/:id/artifacts', (c) => page(c, store?.ofJob(jobOf(c)) ?? [], write(c), apiUrl));
  app.get('/:number/jobs/:id/artifacts/:artifact', (c) => c.json(write(c)(find(c))));
  app.get('/:number/jobs/:id/artifacts/:artifact/download', (c) => {
    const { state, key } = find(c);
    if (state !== 'finished') throw new Refusal(404, 'No artifact found');
    const url = `${new URL(apiUrl).origin}/storage/${key}`;
    return c.json({ url }, 302, { location: url });
  });
  app.delete('/:number/jobs/:id/artifacts/:artifact', (c) => {
    const artifact = find(c);
    artifact.state = 'deleted';
    artifact.bytes = undefined;
    return c.body(null, 204);
  });
  return app;
}

function addressOf(
  { organization, pipeline }: RestWorld,
  apiUrl: string,
  build: number,
  { jobId, id }: Artifact,
): string {
  return `${apiUrl}/organizations/${organization}/pipelines/${pipeline}/builds/${build}/jobs/${jobId}/artifacts/${id}`;
}

function artifactJson(artifact: Artifact, url: string) {
  const { path } = artifact;
  return {
    id: artifact.id,
    job_id: artifact.jobId,
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
