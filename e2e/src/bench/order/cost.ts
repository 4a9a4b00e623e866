import { join } from 'node:path';
import { type ConfiguredRunner, e2eFolder, findRunner, runners } from '../../harness/runners.ts';
import { measure, median, type Usage } from '../usage.ts';
import { openCheckouts } from './checkouts.ts';
import { shapes } from './measure-order.ts';
import { createRandom } from './random.ts';
import { createSuite } from './suite.ts';
import { touchSource } from './write-suite.ts';

/** Ratios of a green run with an order to one without: medians of pairs measured side by side. */
export interface OrderCost {
  readonly runner: ConfiguredRunner;
  readonly files: number;
  readonly pairs: number;
  readonly cpu: number;
  readonly wall: number;
  readonly memory: number;
}

/** Milliseconds of work in all tests together. */
const workMs = 10_000;

/** A change that many test files reach, a history of all of them, and nothing that fails. */
export async function measureOrderCost(
  runner: ConfiguredRunner,
  pairs: number,
  seed: number,
): Promise<OrderCost> {
  const suite = createSuite(createRandom(seed), { areas: shapes[runner].areas, totalMs: workMs });
  const checkouts = openCheckouts(runner, suite, 'at work');
  try {
    const dir = checkouts.branch('touched', (folder) => {
      for (const source of suite.sources.slice(0, 1)) touchSource(folder, runner, source);
    });
    const bin = join(findRunner(runner, e2eFolder).folder, runners[runner].bin);
    const plain = {
      ...{ CI: 'true', PROMISE_FAILURE: 'true', BUILDKITE: 'true', BUILDKITE_JOB_ID: 'bench' },
      BENCH_CACHE: join(checkouts.base, 'cache'),
    };
    const ordered = {
      ...plain,
      ...{ PROMISE_FAILURE_ORDER: 'red-first', PROMISE_FAILURE_BASE: 'main', BUILDKITE_BRANCH: 'touched' },
      PROMISE_FAILURE_HISTORY: join(checkouts.base, 'history'),
    };
    const run = (env: Record<string, string>) =>
      measure([bin, ...runners[runner].args], { cwd: dir, meter: join(checkouts.base, 'meter.mjs'), env });
    for (const env of [plain, ordered]) await run(env);
    const ours: Usage[] = [];
    const theirs: Usage[] = [];
    for (let pair = 0; pair < pairs; pair++) {
      for (const first of pair % 2 === 0 ? [true, false] : [false, true]) {
        (first ? ours : theirs).push(await run(first ? ordered : plain));
      }
    }
    const ratio = (of: (usage: Usage) => number) =>
      median(ours.map((usage, at) => of(usage) / of(theirs[at] ?? usage)));
    return {
      ...{ runner, files: suite.tests.length, pairs },
      cpu: ratio((usage) => usage.cpuMs),
      wall: ratio((usage) => usage.wallMs),
      memory: ratio((usage) => usage.peakMiB),
    };
  } finally {
    checkouts.remove();
  }
}
