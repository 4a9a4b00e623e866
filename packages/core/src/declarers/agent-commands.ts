/** Told the process id of a command when it runs, and nothing when it has ended or could not be started. */
export type CommandWatch = (pid: number | undefined) => void;

/** What stands in a cell in place of the process id of a command that runs. */
const free = 0;
const starting = -1;
const closed = -2;

/** One declares and one annotates; the others are for their successors. */
export const mostCommands = 4;

/**
 * The agent's commands that the delivery's thread runs, in cells that the runner's thread reads, too: none may outlive
 * the run, not even one that is started while the run ends.
 */
export class AgentCommands {
  readonly #cells: Int32Array;

  constructor(cells: Int32Array) {
    this.#cells = cells;
  }

  /** For the delivery, before it starts a command; `undefined` once the run is over. */
  begin(): CommandWatch | undefined {
    for (let at = 0; at < this.#cells.length; at++) {
      if (Atomics.compareExchange(this.#cells, at, free, starting) !== free) continue;
      let was = starting;
      return (pid = free) => {
        // Who closed the cell waited no longer for this one to start, and ends without it.
        if (Atomics.compareExchange(this.#cells, at, was, pid) === closed) end(pid);
        Atomics.notify(this.#cells, at);
        was = pid;
      };
    }
    return undefined;
  }

  /** For the runner: ends those that run, lets none begin, and waits up to `patienceMs` for one that is being started. */
  close(patienceMs: number): void {
    const pids = Array.from(this.#cells, (_pid, at) => {
      Atomics.wait(this.#cells, at, starting, patienceMs);
      return Atomics.exchange(this.#cells, at, closed);
    });
    // When all are closed: the end of one would make the delivery begin another.
    for (const pid of pids) end(pid);
  }
}

function end(pid: number): void {
  if (pid <= 0) return;
  try {
    process.kill(pid);
  } catch {
    // It has just ended by itself.
  }
}
