import type { Sleep } from '../sleep.ts';
import { type Coalescer, createCoalescer } from './coalesce.ts';

export interface PacedSetup {
  /** Milliseconds from the end of one turn to the start of the next, asked anew for each. */
  readonly restMs: () => number;
  readonly onError: (error: unknown) => void;
  /** Monotonic milliseconds. */
  readonly now: () => number;
  readonly sleep: Sleep;
}

/** Work that is done when it is asked for: one turn at a time, a rest between two, and the last one always. */
export class Paced {
  readonly #setup: PacedSetup;
  readonly #turns: Coalescer<undefined>;
  readonly #hurry = new AbortController();
  #freeAt = Number.NEGATIVE_INFINITY;

  constructor(work: () => Promise<void> | void, setup: PacedSetup) {
    this.#setup = setup;
    this.#turns = createCoalescer(async () => {
      await this.#rest();
      try {
        await work();
      } finally {
        this.#freeAt = setup.now() + setup.restMs();
      }
    }, setup.onError);
  }

  ask(): void {
    this.#turns.push(undefined);
  }

  /** One more turn, and no rest any more; resolves when nothing is left to be done. */
  finish(): Promise<void> {
    this.#hurry.abort();
    this.ask();
    return this.#turns.idle();
  }

  async #rest(): Promise<void> {
    const { now, sleep } = this.#setup;
    const ms = this.#freeAt - now();
    if (ms > 0 && !this.#hurry.signal.aborted) await sleep(ms, this.#hurry.signal).catch(() => {});
  }
}
