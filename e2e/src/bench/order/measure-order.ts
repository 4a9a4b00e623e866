import { join } from 'node:path';
import type { ConfiguredRunner } from '../../harness/runners.ts';
import { type Checkouts, openCheckouts } from './checkouts.ts';
import { type Fault, injectFaults } from './faults.ts';
import { measureHeadStart } from './head-start.ts';
import { replayCache, replayHistories } from './memories.ts';
import { createRandom } from './random.ts';
import { createSuite, type SuiteSize } from './suite.ts';
import { writeFault } from './write-suite.ts';

/** What decides about the order of a run. */
export type Knowing = 'default' | 'own cache' | 'change' | 'history' | 'both';

/** Head starts of one fault as shares of the run; several where a case was looked at again. */
export type Case = { readonly fault: Fault } & { readonly shares: Partial<Record<Knowing, number[]>> };

export interface OrderSetup {
  readonly faults: number;
  readonly seed: number;
  /** Runs side by side. @default as many as two cores bear */
  readonly lanes?: number | undefined;
  /** Told now and then how far it has come: the whole takes many minutes. */
  readonly onProgress?: (line: string) => void;
}

/**
 * Suites of 80, 125 and 55 test files that take about a minute and a half. The tests sleep, so that many runs fit side by
 * side: as many as start on two cores without waiting for each other.
 */
export const shapes: Readonly<Record<ConfiguredRunner, SuiteSize & { readonly lanes: number }>> = {
  jest: { areas: 6, totalMs: 90_000, lanes: 20 },
  vitest: { areas: 10, totalMs: 90_000, lanes: 24 },
  playwright: { areas: 4, totalMs: 90_000, lanes: 12 },
};

/** A case that looks worse than by default is measured this often before it is believed. */
const looks = 3;
const noticeable = 0.02;

/** Runs the suite once for every fault and every order, each run knowing the faults before it and no others. */
export async function measureOrder(runner: ConfiguredRunner, setup: OrderSetup): Promise<Case[]> {
  const random = createRandom(setup.seed);
  const suite = createSuite(random, shapes[runner]);
  const faults = injectFaults(random, suite, setup.faults);
  const checkouts = openCheckouts(runner, suite, 'asleep');
  try {
    const dirs = faults.map((fault, at) =>
      checkouts.branch(`fault-${at}`, (dir) => writeFault(dir, runner, fault)),
    );
    const cases = faults.map((fault): Case => ({ fault, shares: {} }));
    const run = async ([at, knowing]: Task) => {
      const dir = dirs[at];
      if (dir === undefined) return;
      const env = prepare(checkouts, dirs, at, knowing);
      const { share } = await measureHeadStart(runner, dir, { ...env, BUILDKITE_BRANCH: `fault-${at}` });
      const shares = cases[at]?.shares;
      if (shares !== undefined) shares[knowing] = [...(shares[knowing] ?? []), share];
    };
    const tasks = (of: readonly Knowing[]) => of.flatMap((one) => faults.map((_, at): Task => [at, one]));
    const { totalMs, lanes: usual } = shapes[runner];
    const { lanes = usual, onProgress = () => {} } = setup;
    const spread = async (all: readonly Task[]) => {
      let done = 0;
      await inLanes(lanes, totalMs / lanes, all, async (task) => {
        await run(task);
        if (++done % 10 === 0 || done === all.length) onProgress(`${runner}: ${done} of ${all.length} runs`);
      });
    };
    // The first two leave what the others know.
    await spread(tasks(['default', 'change']));
    const ownCache = runner === 'playwright' ? [] : (['own cache'] as const);
    await spread(tasks([...ownCache, 'history', 'both']));
    for (let look = 1; look < looks; look++) await spread(doubtful(cases));
    return cases;
  } finally {
    checkouts.remove();
  }
}

type Task = readonly [at: number, knowing: Knowing];

/** Lays out what the run may know, and gives the variables that point to it. */
function prepare({ base }: Checkouts, dirs: readonly string[], at: number, knowing: Knowing) {
  const folder = (kind: string, of: number) => join(base, 'memory', `${kind}-${of}`);
  const again = `${at}-${Date.now()}`;
  const cold = join(base, 'memory', `cold-${again}`);
  const noChange = { BUILDKITE_PULL_REQUEST_BASE_BRANCH: '', BUILDKITE_PIPELINE_DEFAULT_BRANCH: '' };
  if (knowing === 'default') return { BENCH_CACHE: firstOf(base, 'cache', at, cold) };
  if (knowing === 'own cache') {
    const cache = join(base, 'memory', `warm-${again}`);
    const [before, here] = [dirs[at - 1] ?? '', dirs[at] ?? ''];
    replayCache(folder('cache', at), at > 0 ? folder('cache', at - 1) : undefined, cache, [before, here]);
    return { BENCH_CACHE: cache };
  }
  const redFirst = { BENCH_CACHE: cold, PROMISE_FAILURE_ORDER: 'red-first' };
  if (knowing === 'change') {
    const history = firstOf(base, 'history', at, join(base, 'memory', `unread-${again}`));
    return { ...redFirst, PROMISE_FAILURE_BASE: 'main', PROMISE_FAILURE_HISTORY: history };
  }
  const past = join(base, 'memory', `past-${knowing}-${again}`);
  const earlier = Array.from({ length: at }, (_, of) => folder('history', of));
  replayHistories(earlier, past);
  const change = knowing === 'both' ? { PROMISE_FAILURE_BASE: 'main' } : noChange;
  return { ...redFirst, ...change, PROMISE_FAILURE_HISTORY: past };
}

/** What the first run of a case leaves is what the builds after it know. */
const begun = new Set<string>();
function firstOf(base: string, kind: string, at: number, otherwise: string): string {
  const path = join(base, 'memory', `${kind}-${at}`);
  if (begun.has(path)) return otherwise;
  begun.add(path);
  return path;
}

function doubtful(cases: readonly Case[]): Task[] {
  return cases.flatMap(({ shares }, at) => {
    const byDefault = middle(shares.default ?? []);
    const worse = (['change', 'history', 'both'] as const).filter(
      (knowing) => middle(shares[knowing] ?? []) < byDefault - noticeable,
    );
    return worse.length === 0 ? [] : (['default', ...worse] as const).map((one): Task => [at, one]);
  });
}

function middle(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** One lane starts `apartMs` after the other: runs at their start keep a core busy. */
async function inLanes<T>(
  lanes: number,
  apartMs: number,
  items: readonly T[],
  run: (item: T) => Promise<void>,
) {
  const left = [...items];
  const lane = async (_: unknown, at: number) => {
    await new Promise((resolve) => setTimeout(resolve, at * apartMs));
    for (let item = left.shift(); item !== undefined; item = left.shift()) await run(item);
  };
  await Promise.all(Array.from({ length: Math.min(lanes, items.length) }, lane));
}
