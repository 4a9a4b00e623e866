/** A process group of ours. */
export interface ProcessGroup {
  /** SIGTERM to all now, SIGKILL to what is left after `graceMs`; neither holds this process. */
  cancel(graceMs: number): void;
}

/** Groups that must not outlive this process: those that run, and cancelled ones with somebody left. */
const held = new Set<number>();
process.on('exit', () => {
  for (const pid of held) signalGroup(pid, 'SIGKILL');
});

/** Takes charge of the group led by `pid` until its leader has ended, or longer if it is cancelled before. */
export function holdGroup(pid: number, leaderEnded: Promise<unknown>): ProcessGroup {
  let timer: NodeJS.Timeout | undefined;
  held.add(pid);
  void leaderEnded.then(() => {
    // With nobody left in the group its number may be given to others. A zombie that nobody has reaped yet
    // counts as left, which is why the timer does not hold this process.
    if (timer !== undefined && signalGroup(pid, 0)) return;
    clearTimeout(timer);
    held.delete(pid);
  });
  return {
    cancel(graceMs) {
      if (timer !== undefined || !held.has(pid)) return;
      signalGroup(pid, 'SIGTERM');
      timer = setTimeout(() => signalGroup(pid, 'SIGKILL'), graceMs).unref();
    },
  };
}

function signalGroup(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(-pid, signal);
  } catch {
    return false;
  }
}
