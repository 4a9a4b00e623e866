import { Hono } from 'hono';
import type { Artifact, ArtifactStore } from '../model/artifact-store.ts';
import type { JobVariables } from './job-variables.ts';

/**
 * What a job's agent asks about artifacts, below `/v3/jobs/:id`: it announces files, sends their bytes to `storage` as a
 * form, and says what came of that. Source: buildkite/agent api/artifacts.go, internal/artifact/bk_uploader.go.
 */
export function artifactRoutes(store: ArtifactStore, storage: string | undefined): Hono<JobVariables> {
  const app = new Hono<JobVariables>();
  app.post('/artifacts', (c) => {
    const { id, artifacts: files } = c.get('body');
    const made = store.create(c.get('job'), files);
    if (typeof made === 'string') return c.json({ message: made }, 422);
    return c.json({
      id,
      artifact_ids: made.map((artifact) => artifact.id),
      per_artifact_instructions: Object.fromEntries(
        made.map((artifact) => [artifact.id, instructionsFor(artifact, storage ?? '')]),
      ),
    });
  });
  app.put('/artifacts', (c) => {
    const { artifacts: states } = c.get('body');
    const own = store.ofJob(c.get('job'));
    for (const told of Array.isArray(states) ? states : []) {
      const { id, state } = Object(told) as Readonly<Record<string, unknown>>;
      const artifact = own.find((known) => known.id === id);
      if (artifact === undefined) return c.json({ message: `No artifact ${String(id)}` }, 404);
      artifact.state = state === 'finished' && artifact.bytes !== undefined ? 'finished' : 'error';
    }
    return c.json({});
  });
  // The stand-in's own way, whose server reads texts alone.
  app.put('/artifacts/:key', (c) => {
    const { content } = c.get('body');
    const isKept = store.write(c.req.param('key'), Buffer.from(String(content), 'base64'));
    return isKept ? c.json({}) : c.json({ message: 'No such upload' }, 404);
  });
  return app;
}

function instructionsFor({ key }: Artifact, storage: string) {
  return {
    action: { url: storage, method: 'POST', path: '/storage', file_input: 'file' },
    data: { key },
  };
}
