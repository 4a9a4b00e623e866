/** Says when a search has cost enough. */
export interface Budget {
  isSpent(): boolean;
}

/**
 * A budget of `cpuMs` milliseconds of this process's CPU, and of ten times that in all: reading from a cold disk
 * costs no CPU, and the run waits.
 */
export function createBudget(cpuMs: number): Budget {
  const cpu = process.cpuUsage();
  const start = performance.now();
  return {
    isSpent() {
      const elapsed = performance.now() - start;
      // Asking for the CPU costs more than reading a file, and the search takes one thread: no more CPU than time.
      if (elapsed < cpuMs) return false;
      const { user, system } = process.cpuUsage(cpu);
      return (user + system) / 1000 >= cpuMs || elapsed >= cpuMs * 10;
    },
  };
}
