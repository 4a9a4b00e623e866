import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { vi } from 'vitest';
import type { LocalBuildkite } from '../src/server/local-buildkite.ts';

/** A real agent of ours. */
export interface AgentProcess {
  readonly ended: Promise<unknown>;
  output(): string;
  /** Ends it as a machine's death does. */
  kill(): void;
  stop(): Promise<void>;
}

/** Starts the agent of BUILDKITE_AGENT_BIN once per queue, named `<queue>-<n>`, and waits until all are connected. */
export async function startAgents(
  server: Pick<LocalBuildkite, 'url' | 'tokens' | 'agents'>,
  folder: string,
  queues: readonly string[],
  waits = true,
): Promise<AgentProcess[]> {
  const started = queues.map((queue, index) => startAgent(server, folder, queue, `${queue}-${index + 1}`));
  if (waits) {
    await vi.waitFor(
      () => {
        const connected = server.agents.agents.filter(({ state }) => state === 'connected');
        if (connected.length < queues.length) throw new Error('not all agents are connected');
      },
      { timeout: 20_000, interval: 50 },
    );
  }
  return started;
}

function startAgent(
  { url, tokens }: Pick<LocalBuildkite, 'url' | 'tokens'>,
  folder: string,
  queue: string,
  name: string,
): AgentProcess {
  const { PATH, HOME, BUILDKITE_AGENT_BIN = '' } = process.env;
  for (const kind of ['b', 's']) mkdirSync(join(folder, kind), { recursive: true });
  const places = ['--build-path', join(folder, 'b'), '--sockets-path', join(folder, 's')];
  const flags = [
    '--endpoint',
    `${url}/v3`,
    '--token',
    tokens.registration,
    '--name',
    name,
    '--tags',
    `queue=${queue}`,
  ];
  const child = spawn(BUILDKITE_AGENT_BIN, ['start', ...flags, ...places, '--no-color'], {
    env: { PATH, HOME },
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk) => {
      text += chunk;
    });
  }
  const ended = new Promise((resolve) => child.on('exit', resolve).on('error', resolve));
  return {
    ended,
    output: () => text,
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGINT');
      await Promise.race([ended, sleep(3000)]);
      child.kill('SIGKILL');
    },
  };
}
