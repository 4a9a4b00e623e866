import type { Sleep } from '@promise-failure/core/retrying';

/** Why a request was dropped: to be made again. */
export const gaveWay = new Error('a poll gave way to push');
/** Why a wait or a request was ended for good. */
export const stopped = new Error('nothing is under watch any more');

const longestPatienceMs = 32_000;

/**
 * The one wait or request that a loop has under way, and what may end it. Each has a signal of its own, so that nothing
 * gathers on one that lives long.
 */
export class Underway {
  readonly #sleep: Sleep;
  readonly #now: () => number;
  #current = new AbortController();
  #isRest = false;
  #asked: AbortController | undefined;
  #requestedAt = 0;
  #waysGiven = 0;

  constructor(sleep: Sleep, now: () => number) {
    this.#sleep = sleep;
    this.#now = now;
  }

  /** Waits; a rest ends early when there is something to do. Throws `stopped`. */
  async pause(ms: number, isRest: boolean): Promise<void> {
    if (ms <= 0) return;
    const own = new AbortController();
    this.#current = own;
    this.#isRest = isRest;
    await this.#sleep(ms, own.signal).catch(() => {});
    this.#isRest = false;
    if (own.signal.reason === stopped) throw stopped;
  }

  endRest(): void {
    if (this.#isRest) this.#current.abort();
  }

  /** Makes a request, which `giveWay` and `stop` may end; they are the reasons of its signal then. */
  async request<T>(make: (signal: AbortSignal) => Promise<T>): Promise<T> {
    const request = new AbortController();
    this.#requestedAt = this.#now();
    this.#current = request;
    try {
      return await make(request.signal);
    } finally {
      request.abort();
    }
  }

  stop(): void {
    this.#current.abort(stopped);
  }

  /**
   * Drops the request under way if it takes long. Each time in a row it may take twice as long, 0.5 to 32 s, so that a
   * slow API does not keep requests from ever coming through.
   */
  giveWay(): void {
    const request = this.#current;
    if (this.#asked === request) return;
    this.#asked = request;
    const patienceMs = Math.min(500 * 2 ** this.#waysGiven, longestPatienceMs);
    const left = Math.max(0, this.#requestedAt + patienceMs - this.#now());
    this.#sleep(left, request.signal).then(
      () => request.abort(gaveWay),
      () => {},
    );
  }

  /** Says whether the last request came through, for the patience with the next one. */
  cameThrough(did: boolean): void {
    this.#waysGiven = did ? 0 : this.#waysGiven + 1;
  }
}
