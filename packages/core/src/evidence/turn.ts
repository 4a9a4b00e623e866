import { fs } from '../builtins.ts';
import type { Sleep } from '../sleep.ts';

const pollMs = 50;
/** Longer than anybody keeps a turn: whoever has it then is taken for dead. */
const lastsMs = 30_000;

/**
 * Takes a turn that one process of the job has at a time, and resolves with the function that gives it back. A turn
 * whose owner is dead is taken over. Rejects when `signal` is aborted, and with what the file system throws.
 */
export async function takeTurn(file: string, signal: AbortSignal, sleep: Sleep): Promise<() => void> {
  for (;;) {
    signal.throwIfAborted();
    try {
      fs.writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
      return () => fs.rmSync(file, { force: true });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
    if (isDead(file)) fs.rmSync(file, { force: true });
    else await sleep(pollMs, signal);
  }
}

function isDead(file: string): boolean {
  try {
    if (Date.now() - fs.statSync(file).mtimeMs > lastsMs) return true;
    const owner = Number(fs.readFileSync(file, 'utf8'));
    // Created and not yet written: alive until its time is over.
    if (owner !== 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}
