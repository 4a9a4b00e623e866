import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';

const bin = join(import.meta.dirname, '../bin/promise-failure.js');

interface Ended {
  readonly code: number | string | null;
  readonly output: string;
  readonly errors: string;
}

export interface Spawned {
  readonly child: ChildProcess;
  readonly end: Promise<Ended>;
  /** What it has printed up to now. */
  readonly output: () => string;
  readonly errors: () => string;
}

/** The command as its users start it, in an environment that is given whole. */
export function spawnCommand(
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  cwd: string = process.cwd(),
): Spawned {
  const child = spawn(process.execPath, [bin, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = ['', ''];
  [child.stdout, child.stderr].forEach((stream, index) => {
    stream.setEncoding('utf8').on('data', (chunk: string) => {
      texts[index] += chunk;
    });
  });
  onTestFinished(() => void child.kill('SIGKILL'));
  const output = () => texts[0] ?? '';
  const errors = () => texts[1] ?? '';
  const end = new Promise<Ended>((resolve) =>
    child.once('close', (code, signal) =>
      resolve({ code: code ?? signal, output: output(), errors: errors() }),
    ),
  );
  return { child, end, output, errors };
}
