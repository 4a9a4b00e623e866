import { sleep as sleepReally } from '@promise-failure/core/retrying';
import type { PastBuild } from './build/past-build.ts';
import { fetchPastPage, type HistoryQuery, type PastPage } from './build/past-page.ts';
import type { BuildRunnerOptions } from './build-runner.ts';
import { createRestClient } from './rest/client.ts';
import { createRateBudget } from './rest/rate-budget.ts';
import { createRepeat, defaultRestPolicy } from './rest/retry.ts';

export interface HistoryOptions extends BuildRunnerOptions {
  /** Told before each wait, in milliseconds: for a rate limit, or before a call is repeated. */
  readonly onWait?: ((ms: number, because: 'rate limit' | 'trouble') => void) | undefined;
  /** Builds asked for at once, a power of 2 up to 64. @default 32 */
  readonly pageSize?: number;
}

/** Share of each rate limit that reading the past may use up. */
const share = 0.9;
const secondMs = 1000;

/**
 * The builds of a pipeline that have ended, newest first, page by page, each once. Waits rate limits out and repeats
 * what is transient; rejects with plain errors, which `classifyBuildError` sorts. To go on where a reading was cut off,
 * ask for what was created before the oldest build that came.
 */
export async function* readHistory(
  options: HistoryOptions,
  query: HistoryQuery,
  signal: AbortSignal = new AbortController().signal,
): AsyncGenerator<readonly PastBuild[], void> {
  const { sleep = sleepReally, random, onWait = () => {} } = options;
  const budget = options.budget ?? createRateBudget({ share });
  const rest = createRestClient({ ...options, budget });
  const tellWait = (_: number, ms: number, value: unknown) =>
    onWait(ms, Object(Object(value).error).status === 429 ? 'rate limit' : 'trouble');
  const repeat = createRepeat(options.retry ?? defaultRestPolicy, { sleep, random, onWait: tellWait });
  const ask = async (from: HistoryQuery, page: Place) => {
    for (let ms = budget.take(true); ms > 0; ms = budget.take(true)) {
      onWait(ms, 'rate limit');
      await sleep(ms, signal);
    }
    return repeat(() => fetchPastPage(rest, from, page, signal), signal);
  };
  yield* walk(ask, query, options.pageSize ?? 32);
}

interface Place {
  readonly number: number;
  readonly size: number;
}

/**
 * By time and not by page number: builds that start meanwhile would move pages, and Buildkite refuses to page deep. The
 * second of the oldest build is asked for again, because nothing says whether `created_to` includes it.
 */
async function* walk(
  ask: (query: HistoryQuery, page: Place) => Promise<PastPage>,
  query: HistoryQuery,
  firstSize: number,
): AsyncGenerator<readonly PastBuild[], void> {
  const seen = new Set<string>();
  let { createdTo } = query;
  let place: Place = { number: 1, size: firstSize };
  for (;;) {
    const answer = await askSmaller((page) => ask({ ...query, createdTo }, page), place);
    const { builds, hasMore } = answer.page;
    const fresh = builds.filter(({ id }) => !seen.has(id));
    for (const { id } of fresh) seen.add(id);
    if (fresh.length > 0) yield fresh;
    if (!hasMore) return;
    const next = beforeOldest(builds);
    const isEarlier = next !== undefined && (createdTo === undefined || next < createdTo);
    if (isEarlier) createdTo = next;
    place = { size: answer.place.size, number: isEarlier ? 1 : answer.place.number + 1 };
  }
}

/** Builds of a thousand jobs make an answer too long: then half as many are asked for. */
async function askSmaller(ask: (page: Place) => Promise<PastPage>, place: Place) {
  for (let at = place; ; at = { size: at.size / 2, number: (at.number - 1) * 2 + 1 }) {
    try {
      return { page: await ask(at), place: at };
    } catch (error) {
      if (!(error instanceof RangeError) || at.size === 1) throw error;
    }
  }
}

function beforeOldest(builds: readonly PastBuild[]): string | undefined {
  const times = builds.flatMap(({ createdAt }) => (createdAt === undefined ? [] : [Date.parse(createdAt)]));
  return times.length === 0 ? undefined : new Date(Math.min(...times) + secondMs).toISOString();
}
