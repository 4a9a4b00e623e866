import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Build } from '../src/model/types.ts';
import { type LocalBuildkite, startLocalBuildkite } from '../src/server/local-buildkite.ts';
import type { LocalBuildkiteOptions } from '../src/server/options.ts';

/** The address of the pipeline's builds, below `/v2`. */
export const builds = '/organizations/acme/pipelines/shop/builds';

/** A local Buildkite for each test of a file, and how to call it with its token. */
export function setUpServer() {
  let folder: string;
  let server: LocalBuildkite;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pf-rest-'));
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function start(steps: unknown[], more: Partial<LocalBuildkiteOptions> = {}): Promise<void> {
    await writeFile(join(folder, 'p.yml'), JSON.stringify({ steps }));
    server = await startLocalBuildkite({
      port: 0,
      file: join(folder, 'p.yml'),
      cwd: folder,
      logFolder: folder,
      machineEnv: process.env,
      say: () => {},
      ...more,
    });
  }

  function raw(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = { authorization: `Bearer ${server.tokens.api}`, ...init.headers };
    return fetch(path.startsWith('http') ? path : `${server.url}/v2${path}`, { ...init, headers });
  }

  async function call(method: string, path: string, body?: unknown) {
    const answer = await raw(path, { method, ...(body !== undefined && { body: JSON.stringify(body) }) });
    // biome-ignore lint/suspicious/noExplicitAny: each test knows the shape it asks for
    return { status: answer.status, headers: answer.headers, body: (await answer.json()) as any };
  }

  const model = (number: number) => server.simulator.model.builds.get(number) as Build;
  const ended = (number: number) =>
    vi.waitFor(() => expect(model(number).finishedAt).not.toBeNull(), { timeout: 20_000, interval: 20 });
  const inFolder = (name: string) => join(folder, name);
  return { start, raw, call, model, ended, inFolder, url: () => server.url };
}
