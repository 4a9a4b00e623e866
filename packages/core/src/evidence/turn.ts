import { fs } from '../builtins.ts';
import type { Sleep } from '../sleep.ts';

const pollMs = 50;
/** Longer than anybody keeps a turn: whoever has it then is taken for dead. */
const lastsMs = 30_000;

/** Whose turn it is; 0 where that has not been written yet. */
interface Owner {
  readonly pid: number;
  readonly since: number;
}

/**
 * Takes a turn that one process of the job has at a time, and resolves with the function that gives it back. A turn
 * whose owner is dead is taken over. Rejects when `signal` is aborted, and with what the file system throws.
 */
export async function takeTurn(file: string, signal: AbortSignal, sleep: Sleep): Promise<() => void> {
  for (;;) {
    signal.throwIfAborted();
    if (create(file)) return () => fs.rmSync(file, { force: true });
    if (!removeDead(file)) await sleep(pollMs, signal);
  }
}

/** True for the one process that has made it. */
function create(file: string): boolean {
  try {
    fs.writeFileSync(file, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    return false;
  }
}

/**
 * An owner may give its turn back and end while it is looked at, and the file be the next one's by then. So it is read
 * once more when its owner is known to be dead, who cannot remove it any more, and by one process at a time.
 */
function removeDead(file: string): boolean {
  const owner = readOwner(file);
  if (owner === undefined || !isDead(owner)) return false;
  const removing = `${file}.removing`;
  if (!create(removing)) {
    const other = readOwner(removing);
    if (other !== undefined && isOverdue(other)) fs.rmSync(removing, { force: true });
    return false;
  }
  try {
    const still = readOwner(file);
    if (still?.pid === owner.pid && still.since === owner.since) fs.rmSync(file, { force: true });
  } finally {
    fs.rmSync(removing, { force: true });
  }
  return true;
}

function readOwner(file: string): Owner | undefined {
  try {
    return { since: fs.statSync(file).mtimeMs, pid: Number(fs.readFileSync(file, 'utf8')) };
  } catch {
    // Given back meanwhile.
    return undefined;
  }
}

function isDead(owner: Owner): boolean {
  if (isOverdue(owner)) return true;
  if (owner.pid === 0) return false;
  try {
    process.kill(owner.pid, 0);
    return false;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

function isOverdue({ since }: Owner): boolean {
  return Date.now() - since > lastsMs;
}
