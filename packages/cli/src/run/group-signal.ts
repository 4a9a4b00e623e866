import { type ChildProcess, spawn } from 'node:child_process';

/** Longest time to wait for a sign that a whole process group was meant. */
const signWithinMs = 250;

/** Tells whether a signal that has come was sent to this process alone, or to all of its group. */
export interface GroupSentinel {
  /** Resolves with true if the other processes of the group have the signal, too. To be asked once per signal. */
  reachedGroup(signal: NodeJS.Signals): Promise<boolean>;
  close(): void;
}

/**
 * A signal does not say to whom it was sent, but another process of the same group does, by dying of it: `cat`,
 * which waits on a pipe that ends with this process. Where there is none, every signal counts as sent to this
 * process alone, so that a child gets it twice rather than not at all.
 */
export function watchGroupSignals(): GroupSentinel {
  const deaths: { readonly signal: NodeJS.Signals; readonly at: number }[] = [];
  const waiting = new Map<NodeJS.Signals, () => void>();
  let closed = false;
  let sentinel = start();

  function start(): ChildProcess | undefined {
    if (process.platform === 'win32') return undefined;
    const child = spawn('cat', { stdio: ['pipe', 'ignore', 'ignore'] });
    child.on('error', () => {});
    child.stdin?.on('error', () => {});
    child.once('exit', (_, signal) => {
      if (closed || signal === null) return;
      sentinel = start();
      const tell = waiting.get(signal);
      if (tell === undefined) deaths.push({ signal, at: performance.now() });
      else tell();
    });
    child.unref();
    return child;
  }

  /** True if the sentinel's end was seen before the signal itself. */
  function takeDeath(signal: NodeJS.Signals): boolean {
    const found = deaths.find((death) => death.signal === signal);
    deaths.length = 0;
    return found !== undefined && performance.now() - found.at < signWithinMs;
  }

  return {
    reachedGroup(signal) {
      if (takeDeath(signal)) return Promise.resolve(true);
      if (sentinel?.pid === undefined) return Promise.resolve(false);
      return new Promise((resolve) => {
        const settle = (reached: boolean) => {
          clearTimeout(timer);
          waiting.delete(signal);
          resolve(reached);
        };
        const timer = setTimeout(settle, signWithinMs, false);
        waiting.set(signal, () => settle(true));
      });
    },
    close() {
      closed = true;
      sentinel?.stdin?.destroy();
    },
  };
}
