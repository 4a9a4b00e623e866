import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { expect, it } from 'vitest';
import { AgentCommands, mostCommands } from './agent-commands.ts';

const makeCells = () => new Int32Array(new SharedArrayBuffer(4 * mostCommands));
const start = () => spawn('sleep', ['60'], { stdio: 'ignore' });
const signalOf = async (child: ChildProcess) => (await once(child, 'exit'))[1] as string | null;

it.skipIf(process.platform === 'win32')('ends all that run, and lets none begin', async () => {
  const commands = new AgentCommands(makeCells());
  const running = [start(), start()];
  for (const { pid } of running) commands.begin()?.(pid);
  const ended = running.map(signalOf);
  commands.close(0);
  expect(await Promise.all(ended)).toEqual(['SIGTERM', 'SIGTERM']);
  expect(commands.begin()).toBeUndefined();
});

it('leaves alone what has ended by itself, whose number may be that of another process', async () => {
  const commands = new AgentCommands(makeCells());
  const other = start();
  const watch = commands.begin();
  watch?.(other.pid);
  watch?.(undefined);
  commands.close(0);
  await new Promise((resolve) => setTimeout(resolve, 200));
  expect(other.exitCode ?? other.signalCode).toBeNull();
  other.kill();
});

it.skipIf(process.platform === 'win32')(
  'ends one that runs when nobody waits for its start any more',
  async () => {
    const commands = new AgentCommands(makeCells());
    const watch = commands.begin();
    commands.close(0);
    const late = start();
    const ended = signalOf(late);
    watch?.(late.pid);
    expect(await ended).toBe('SIGTERM');
  },
);

it.skipIf(process.platform === 'win32')(
  'waits for one that is being started in the other thread',
  async () => {
    const cells = makeCells();
    new AgentCommands(cells).begin();
    const child = start();
    const ended = signalOf(child);
    // What the other thread does when its command runs, a while after.
    const other = new Worker(
      `const { cells, pid } = require('node:worker_threads').workerData;
     setTimeout(() => { Atomics.store(cells, 0, pid); Atomics.notify(cells, 0); }, 300);`,
      { eval: true, workerData: { cells, pid: child.pid } },
    );
    new AgentCommands(cells).close(10_000);
    expect(await ended).toBe('SIGTERM');
    await other.terminate();
  },
);

it('has room for one after another, and for few at a time', () => {
  const commands = new AgentCommands(makeCells());
  for (let n = 0; n < 10; n++) commands.begin()?.(undefined);
  const begun = Array.from({ length: mostCommands + 1 }, () => commands.begin());
  expect(begun.map((watch) => watch !== undefined)).toEqual([...Array(mostCommands).fill(true), false]);
});
