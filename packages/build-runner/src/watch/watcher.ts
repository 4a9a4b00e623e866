import { type Sleep, sleep as sleepReally } from '@promise-failure/core/retrying';
import type { BuildId, BuildReport } from '../build/build.ts';
import { type CallOptions, withLimits } from '../build/call-options.ts';
import { addressOf } from '../build/id.ts';
import { createRestClient, type RestClient, type RestOptions } from '../rest/client.ts';
import { createRateBudget, type RateBudget } from '../rest/rate-budget.ts';
import type { BuildEvent } from '../webhook/event.ts';
import { changesOf } from './changes.ts';
import { createHandover, type Handover } from './handover.ts';
import { mergeEvents } from './merge-reports.ts';
import { PollLoop } from './poll-loop.ts';
import { type ReportListener, WatchedBuild } from './watched-build.ts';

/** How a watcher reads, and how often. */
export interface WatcherOptions extends RestOptions {
  /** Shared by everything that uses the same token. @default a budget of its own */
  readonly budget?: RateBudget | undefined;
  /** Milliseconds between polls, if the budget allows it, while push is silent or there is none. @default 1000 */
  readonly pollEveryMs?: number | undefined;
  /** Milliseconds between the polls that audit push while it lives. @default 30000 */
  readonly auditEveryMs?: number | undefined;
  /** Told of each poll that failed; watching goes on. @default nothing */
  readonly onTrouble?: ((error: unknown, inARow: number) => void) | undefined;
  readonly sleep?: Sleep | undefined;
  /** Milliseconds of a monotonic clock. @default performance.now */
  readonly now?: (() => number) | undefined;
}

/** Watches any number of builds at once, with memory for those that have not ended. */
export interface Watcher {
  /**
   * Tells `listener` what is known, first at once and then at each change: one call at a time per build, the
   * latest report, the last one never dropped. A build that recovers from `failing` is told as `running` again.
   * Resolves with the last report when its listener is done. Rejects with the signal's reason, a `TimeoutError`,
   * the listener's error, or a terminal one such as a build that does not exist.
   */
  watch(build: BuildId | string, listener: ReportListener, options?: CallOptions): Promise<BuildReport>;
  /**
   * The same as a loop: what is known at first, then the latest of each change, the end as the last. Leaving the
   * loop ends the watching; it throws what `watch` would reject with.
   */
  changes(build: BuildId | string, options?: CallOptions): AsyncIterableIterator<BuildReport>;
  /**
   * Takes an authentic event: what it tells of a failure or an end is read before anybody is told. Events of
   * builds that are not watched only show that push lives.
   */
  receive(event: BuildEvent): void;
  /** Number of builds under watch. */
  readonly size: number;
}

/** Creates a watcher. It does nothing, and keeps no process alive, while no build is under watch. */
export function createWatcher(options: WatcherOptions): Watcher {
  const budget = options.budget ?? createRateBudget(options.now && { now: options.now });
  const rest = createRestClient({ ...options, budget });
  return createWatcherOn({ rest, budget, handover: createHandover() }, options);
}

/** What a watcher stands on: given apart so that a test can hold each answer back. */
export interface WatcherBase {
  readonly rest: RestClient;
  readonly budget: RateBudget;
  readonly handover: Handover;
}

/** A watcher on the given base. */
export function createWatcherOn(
  { rest, budget, handover }: WatcherBase,
  options: Omit<WatcherOptions, keyof RestOptions>,
): Watcher {
  const { sleep = sleepReally, now = () => performance.now() } = options;
  const watched = new Set<WatchedBuild>();
  const byId = new Map<BuildId, Set<WatchedBuild>>();
  const pending = new Map<BuildId, BuildReport>();

  /** Events that came while a poll acted, one per build, become one action. */
  function actOnPending(): void {
    if (pending.size === 0) return;
    if (!handover.begin('push')) {
      loop.giveWay();
      return;
    }
    for (const [id, report] of pending) {
      for (const build of byId.get(id) ?? []) if (build.hear(report)) loop.readSoon(build);
    }
    pending.clear();
    handover.end('push');
  }

  const { pollEveryMs = 1000, auditEveryMs = 30_000, onTrouble = () => {} } = options;
  const loop = new PollLoop({
    ...{ rest, budget, handover, builds: () => [...watched] },
    ...{ pollEveryMs, auditEveryMs, onStepEnd: actOnPending, onTrouble, sleep, now },
  });

  function forget(build: WatchedBuild): void {
    watched.delete(build);
    const same = byId.get(build.id);
    same?.delete(build);
    if (same?.size === 0) byId.delete(build.id);
    if (watched.size === 0) loop.stop();
  }

  async function watchUntil(text: string, listener: ReportListener, signal: AbortSignal) {
    signal.throwIfAborted();
    const build = new WatchedBuild(addressOf(text), listener);
    const abort = () => build.fail(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    watched.add(build);
    byId.set(build.id, (byId.get(build.id) ?? new Set()).add(build));
    loop.wake();
    try {
      return await build.done;
    } finally {
      signal.removeEventListener('abort', abort);
      forget(build);
    }
  }

  const watch: Watcher['watch'] = async (text, listener, limits = {}) =>
    withLimits(limits, (signal) => watchUntil(text, listener, signal));

  return {
    watch,
    changes: (text, limits = {}) => changesOf((...call) => watch(text, ...call), limits),
    receive({ report }) {
      // What push missed while it was dead must be read before it is trusted again.
      if (handover.heard()) loop.wake();
      if (!byId.has(report.id)) return;
      const before = pending.get(report.id);
      pending.set(report.id, before === undefined ? report : mergeEvents(before, report));
      actOnPending();
    },
    get size() {
      return watched.size;
    },
  };
}
