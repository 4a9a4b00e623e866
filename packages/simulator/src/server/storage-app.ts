import { Hono } from 'hono';
import type { ArtifactStore } from '../model/artifact-store.ts';

/** Where the bytes of artifacts go and are read; the key in an address is all that is needed, as with signed ones. */
export function storageApp(store: ArtifactStore): Hono {
  const app = new Hono();
  app.post('/storage', async (c) => {
    const { key, file } = await c.req.parseBody();
    if (typeof key !== 'string' || !(file instanceof File)) return c.text('a key and a file are needed', 400);
    return store.write(key, Buffer.from(await file.arrayBuffer()))
      ? c.body(null, 204)
      : c.text('no such upload', 403);
  });
  app.get('/storage/:key', (c) => {
    const artifact = store.withKey(c.req.param('key'));
    if (artifact?.bytes === undefined || artifact.state === 'deleted') return c.text('not found', 404);
    // Never shown as a page of this server: what a job has left may hold scripts.
    return c.body(new Uint8Array(artifact.bytes), 200, {
      'content-type': artifact.contentType,
      'content-disposition': 'attachment',
      'content-security-policy': 'sandbox',
    });
  });
  return app;
}
