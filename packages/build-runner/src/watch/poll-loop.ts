import type { Sleep } from '@promise-failure/core/retrying';
import type { RestClient } from '../rest/client.ts';
import { classifyBuildError } from '../rest/error.ts';
import { buildsPath } from '../rest/paths.ts';
import type { RateBudget } from '../rest/rate-budget.ts';
import type { Handover } from './handover.ts';
import { type FetchFindings, type NewestBuilds, type PollStep, sweepPipeline } from './sweep.ts';
import { gaveWay, stopped, Underway } from './underway.ts';
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
/** How long a read may take before what events told of a failing build is told without it. */
const confirmWithinMs = 2000;

/** One loop that reads all watched builds, in turns that the rate limits allow. Runs while there are builds. */
export class PollLoop {
  readonly #parts: PollLoopParts;
  readonly #newest: NewestBuilds = new Map();
  readonly #underway: Underway;
  #running = false;
  #again = false;
  #missed = false;
  #failures = 0;
  /** Milliseconds that Buildkite asked to wait when the last turn failed. */
  #askedToWaitMs = 0;
  /** When everything is to be read again, by the monotonic clock. */
  #allDueAt = Number.NEGATIVE_INFINITY;
  /** Builds of which events told something that only a read can confirm. */
  readonly #soon = new Set<WatchedBuild>();

  constructor(parts: PollLoopParts) {
    this.#parts = parts;
    this.#underway = new Underway(parts.sleep, parts.now);
  }

  /** Begins, or begins another turn as soon as this one is done: everything is to be read at once. */
  wake(): void {
    this.#allDueAt = Number.NEGATIVE_INFINITY;
    this.#begin();
  }

  /** Reads this build before anything else, not waiting for its turn within the rate limit's share. */
  readSoon(build: WatchedBuild): void {
    this.#soon.add(build);
    this.#begin();
  }

  #begin(): void {
    this.#again = true;
    this.#underway.endRest();
    if (this.#running) return;
    this.#running = true;
    // Later in this tick: builds that are watched in one go are read in one go.
    Promise.resolve()
      .then(() => this.#run())
      .catch(() => {})
      .finally(() => {
        this.#running = false;
        if (this.#parts.builds().length > 0) this.#begin();
      });
  }

  /** Ends every wait and request. */
  stop(): void {
    this.#underway.stop();
  }

  /** Push waits for the request under way: one that takes long is dropped, to be made again. */
  giveWay(): void {
    this.#underway.giveWay();
  }

  async #run(): Promise<void> {
    const { builds } = this.#parts;
    while (builds().length > 0) {
      this.#again = false;
      await this.#turn();
      if (!this.#again && builds().length > 0) await this.#rest();
    }
  }

  async #rest(): Promise<void> {
    const { pollEveryMs, now } = this.#parts;
    const backOffMs = Math.min(pollEveryMs * 2 ** Math.min(this.#failures, 16), longestBackOffMs);
    const failed = this.#failures > 0;
    const untilDueMs = this.#soon.size > 0 ? pollEveryMs : this.#allDueAt - now();
    await this.#underway.pause(failed ? Math.max(backOffMs, this.#askedToWaitMs) : untilDueMs, true);
  }

  /** Reads what events have told of, or else everything if it is due. */
  async #turn(): Promise<void> {
    try {
      if (this.#soon.size > 0) await this.#sweepSoon();
      else if (this.#parts.now() >= this.#allDueAt) await this.#sweepAll();
      this.#failures = 0;
      this.#underway.cameThrough(true);
    } catch (error) {
      if (error === stopped) throw error;
      if (error === gaveWay) {
        this.#underway.cameThrough(false);
        return;
      }
      this.#askedToWaitMs = classifyBuildError(error).retryAfterMs ?? 0;
      this.#parts.onTrouble(error, ++this.#failures);
    }
  }

  async #sweepSoon(): Promise<void> {
    const builds = [...this.#soon].filter((build) => !build.settled);
    this.#soon.clear();
    const read = new AbortController();
    const goUnread = () => {
      for (const build of builds) build.goUnread();
    };
    this.#parts.sleep(confirmWithinMs, read.signal).then(goUnread, () => {});
    try {
      await this.#sweep(builds, true);
    } catch (error) {
      goUnread();
      for (const build of builds) this.#soon.add(build);
      throw error;
    } finally {
      read.abort();
    }
  }

  async #sweepAll(): Promise<void> {
    const { handover, auditEveryMs, pollEveryMs, builds, now } = this.#parts;
    this.#missed = false;
    await this.#sweep(builds(), false);
    handover.polled(this.#missed);
    this.#allDueAt = now() + (handover.preferred === 'push' ? auditEveryMs : pollEveryMs);
  }

  async #sweep(builds: readonly WatchedBuild[], soon: boolean): Promise<void> {
    for (const group of groupByPipeline(builds)) {
      try {
        const step: PollStep = (fetch, now = soon) => this.#step(fetch, now);
        await sweepPipeline(this.#parts.rest, { builds: group, newest: this.#newest, jobs: soon }, step);
      } catch (error) {
        if (classifyBuildError(error).verdict !== 'terminal') throw error;
        for (const build of group) build.fail(error);
      }
    }
  }

  async #step(fetch: FetchFindings, soon: boolean): Promise<void> {
    const { budget, handover, onStepEnd } = this.#parts;
    // Looked at again in between: the first answer may tell a wider limit than was assumed.
    for (let left = budget.take(soon); left > 0; left = budget.take(soon)) {
      await this.#underway.pause(Math.min(left, 1000), !soon);
      if (!soon && this.#soon.size > 0) await this.#sweepSoon();
    }
    handover.begin('poll');
    try {
      const findings = await this.#underway.request(fetch);
      for (const { build, report, jobsKnown } of findings) {
        // What an event has told of first is not missed by push.
        if (build.observe(report, jobsKnown) && !soon) this.#missed = true;
      }
    } finally {
      handover.end('poll');
      onStepEnd();
    }
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
