import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, vi } from 'vitest';
import type { Build } from '../src/model/types.ts';
import { type LocalBuildkite, startLocalBuildkite } from '../src/server/local-buildkite.ts';
import type { LocalBuildkiteOptions } from '../src/server/options.ts';
import { type AgentProcess, startAgents } from './real-agent.ts';

/** Who runs the jobs: the stand-in, or real agents. */
export type Who = 'own' | 'connected';

/** Whether a real agent is at hand. */
export const withAgent = process.env.BUILDKITE_AGENT_BIN !== undefined;

export const ended = (build: Build) =>
  vi.waitFor(() => expect(build.finishedAt).not.toBeNull(), { timeout: 40_000, interval: 50 });

/** A local Buildkite for each test of a file, with agents of its queues. */
export function setUpScenario() {
  let folder: string;
  let server: LocalBuildkite | undefined;
  const agents: AgentProcess[] = [];
  beforeEach(async () => {
    folder = await realpath(await mkdtemp(join('/tmp', 'pf-s-')));
  });
  afterEach(async () => {
    await Promise.all(agents.splice(0).map((agent) => agent.stop()));
    await server?.close();
    server = undefined;
    await rm(folder, { recursive: true, force: true });
  });

  async function start(
    who: Who,
    steps: unknown[],
    more: Partial<LocalBuildkiteOptions> = {},
    queues = ['default', 'default'],
  ) {
    const file = join(folder, 'pipeline.yml');
    await writeFile(file, JSON.stringify({ steps }));
    const { PATH, HOME } = process.env;
    const own = await startLocalBuildkite({
      port: 0,
      file,
      agents: who,
      cwd: folder,
      logFolder: folder,
      machineEnv: { PATH, HOME },
      graceMs: 1000,
      heartbeatSeconds: 1,
      say: () => {},
      ...more,
    });
    server = own;
    if (who === 'connected') agents.push(...(await startAgents(own, folder, queues)));
    const build = own.startBuild();
    if (typeof build === 'string') throw new Error(build);
    return { own, build };
  }
  return { agents, start, folder: () => folder };
}
