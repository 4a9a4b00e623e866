import type { Sleep } from '@promise-failure/core/retrying';
import type { RestClient } from '../rest/client.ts';
import { classifyBuildError } from '../rest/error.ts';
import { buildsPath } from '../rest/paths.ts';
import type { RateBudget } from '../rest/rate-budget.ts';
import type { Handover } from './handover.ts';
import { type NewestBuilds, type PollStep, sweepPipeline } from './sweep.ts';
import type { WatchedBuild } from './watched-build.ts';

export interface PollLoopParts {
  readonly rest: RestClient;
  readonly budget: RateBudget;
  readonly handover: Handover;
  /** The builds under watch now; the loop ends when there is none. */
  readonly builds: () => readonly WatchedBuild[];
  readonly pollEveryMs: number;
  readonly auditEveryMs: number;
  /** A request has ended: push may act. */
  readonly onStepEnd: () => void;
  readonly onTrouble: (error: unknown, inARow: number) => void;
  readonly sleep: Sleep;
  readonly now: () => number;
}

const longestBackOffMs = 60_000;
const longestPatienceMs = 4000;
const gaveWay = new Error('a poll gave way to push');
const stopped = new Error('nothing is under watch any more');

/** One loop that reads all watched builds, in turns that the rate limits allow. Runs while there are builds. */
export class PollLoop {
  readonly #parts: PollLoopParts;
  readonly #newest: NewestBuilds = new Map();
  /** Ends the wait or the request under way; each has its own, so that nothing gathers on a signal that lives long. */
  #current = new AbortController();
  #asked: AbortController | undefined;
  #requestedAt = 0;
  #running = false;
  #resting = false;
  #again = false;
  #missed = false;
  #failures = 0;
  #waysGiven = 0;

  constructor(parts: PollLoopParts) {
    this.#parts = parts;
  }

  /** Begins, or begins another turn as soon as this one is done: there is something to read at once. */
  wake(): void {
    this.#again = true;
    if (this.#resting) this.#current.abort();
    if (this.#running) return;
    this.#running = true;
    // Later in this tick: builds that are watched in one go are read in one go.
    Promise.resolve()
      .then(() => this.#run())
      .catch(() => {})
      .finally(() => {
        this.#running = false;
        if (this.#parts.builds().length > 0) this.wake();
      });
  }

  /** Ends every wait and request. */
  stop(): void {
    this.#current.abort(stopped);
  }

  /**
   * Push waits for the request under way: one that takes long is dropped, to be made again. Each time in a row it
   * may take twice as long, 0.5 to 4 s, so that a slow API does not keep polls from ever coming through.
   */
  giveWay(): void {
    const request = this.#current;
    if (this.#asked === request) return;
    this.#asked = request;
    const { now, sleep } = this.#parts;
    const patienceMs = Math.min(500 * 2 ** this.#waysGiven, longestPatienceMs);
    const left = Math.max(0, this.#requestedAt + patienceMs - now());
    sleep(left, request.signal).then(
      () => request.abort(gaveWay),
      () => {},
    );
  }

  async #run(): Promise<void> {
    const { builds } = this.#parts;
    while (builds().length > 0) {
      this.#again = false;
      const complete = await this.#turn();
      if (!this.#again && builds().length > 0) await this.#rest(complete);
    }
  }

  async #rest(complete: boolean): Promise<void> {
    const { auditEveryMs, pollEveryMs, handover } = this.#parts;
    const backOffMs = Math.min(pollEveryMs * 2 ** Math.min(this.#failures, 16), longestBackOffMs);
    this.#resting = true;
    await this.#pause(complete && handover.preferred === 'push' ? auditEveryMs : backOffMs);
    this.#resting = false;
  }

  /** True when everything was read. */
  async #turn(): Promise<boolean> {
    try {
      await this.#sweep();
      this.#failures = 0;
      this.#waysGiven = 0;
      return true;
    } catch (error) {
      if (error === stopped) throw error;
      if (error === gaveWay) this.#waysGiven++;
      else this.#parts.onTrouble(error, ++this.#failures);
      return false;
    }
  }

  async #sweep(): Promise<void> {
    this.#missed = false;
    const { rest, handover } = this.#parts;
    for (const group of groupByPipeline(this.#parts.builds())) {
      try {
        await sweepPipeline(rest, group, this.#newest, this.#step);
      } catch (error) {
        if (classifyBuildError(error).verdict !== 'terminal') throw error;
        for (const build of group) build.fail(error);
      }
    }
    handover.polled(this.#missed);
  }

  readonly #step: PollStep = async (fetch) => {
    const { budget, handover, now, onStepEnd } = this.#parts;
    // Looked at again in between: the first answer may tell a wider limit than was assumed.
    for (let left = budget.take(); left > 0; left = budget.take()) await this.#pause(Math.min(left, 1000));
    this.#requestedAt = now();
    const request = new AbortController();
    this.#current = request;
    handover.begin('poll');
    try {
      for (const { build, report, jobsKnown } of await fetch(request.signal)) {
        if (build.observe(report, jobsKnown)) this.#missed = true;
      }
    } finally {
      request.abort();
      handover.end('poll');
      onStepEnd();
    }
  };

  async #pause(ms: number): Promise<void> {
    if (ms <= 0) return;
    const own = new AbortController();
    this.#current = own;
    await this.#parts.sleep(ms, own.signal).catch(() => {});
    if (own.signal.reason === stopped) throw stopped;
  }
}

function groupByPipeline(builds: readonly WatchedBuild[]): Iterable<readonly WatchedBuild[]> {
  const groups = new Map<string, WatchedBuild[]>();
  for (const build of builds) {
    const path = buildsPath(build.address);
    const group = groups.get(path);
    if (group === undefined) groups.set(path, [build]);
    else group.push(build);
  }
  return groups.values();
}
