import type { Sleep } from '../sleep.ts';

/** So much longer than what is paced took, nothing of the kind is done; at most `longestMs`. */
const restPerWork = 4;
const longestMs = 250;

/**
 * Paces work that costs the more the more has failed, so that a storm of failures costs a share of the time and no
 * more: after each turn it rests four times as long as that took. The first turn is free.
 */
export class Pace {
  readonly #now: () => number;
  readonly #sleep: Sleep;
  #freeAt = Number.NEGATIVE_INFINITY;

  constructor(now: () => number, sleep: Sleep) {
    this.#now = now;
    this.#sleep = sleep;
  }

  /** Waits for the next turn. */
  async turn(): Promise<void> {
    const ms = this.#freeAt - this.#now();
    if (ms > 0) await this.#sleep(ms, new AbortController().signal);
  }

  run<T>(work: () => T): T {
    const startedAt = this.#now();
    const result = work();
    const endedAt = this.#now();
    this.#freeAt = endedAt + Math.min(longestMs, restPerWork * (endedAt - startedAt));
    return result;
  }
}
