import { spawn } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** Keeps the machine busy with one process more than it has cores, while `use` runs. */
export async function underLoad<T>(use: () => Promise<T>): Promise<T> {
  const busy = Array.from({ length: availableParallelism() + 1 }, () =>
    spawn(process.execPath, ['-e', 'for (;;);'], { stdio: 'ignore' }),
  );
  try {
    return await use();
  } finally {
    for (const child of busy) child.kill('SIGKILL');
  }
}
