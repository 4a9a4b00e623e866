/** A process group of ours. */
export interface ProcessGroup {
  /** SIGTERM to all now, SIGKILL to what is left after `graceMs`; neither holds this process. */
  cancel(graceMs: number): void;
}

/** Groups that must not outlive this process, by what ends them: those that run, and cancelled ones with somebody left. */
const held = new Set<(signal: NodeJS.Signals) => void>();
process.on('exit', () => {
  for (const end of held) end('SIGKILL');
});

/** Takes charge of the group led by `pid` until its leader has ended, or longer if it is cancelled before. */
export function holdGroup(pid: number, leaderEnded: Promise<unknown>): ProcessGroup {
  let timer: NodeJS.Timeout | undefined;
  let hasLeader = true;
  const end = (signal: NodeJS.Signals) => {
    // What has just been given a terminal has yet to found its group, which node-pty does not wait for.
    if (!send(-pid, signal) && hasLeader) send(pid, signal);
  };
  held.add(end);
  void leaderEnded.then(() => {
    hasLeader = false;
    // With nobody left in the group its number may be given to others. A zombie that nobody has reaped yet
    // counts as left, which is why the timer does not hold this process.
    if (timer !== undefined && send(-pid, 0)) return;
    clearTimeout(timer);
    held.delete(end);
  });
  return {
    cancel(graceMs) {
      if (timer !== undefined || !held.has(end)) return;
      end('SIGTERM');
      timer = setTimeout(() => end('SIGKILL'), graceMs).unref();
    },
  };
}

function send(pid: number, signal: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(pid, signal);
  } catch {
    return false;
  }
}
