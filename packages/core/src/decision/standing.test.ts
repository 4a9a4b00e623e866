import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RunView } from '../job/job-ledger.ts';
import { countFailures as count } from './standing.ts';

interface More extends Partial<Omit<RunView, 'runErrors' | 'weak'>> {
  readonly muted?: readonly string[];
  readonly unknown?: readonly string[];
  readonly errors?: readonly string[];
  readonly weak?: readonly string[];
}

function run(failed: readonly string[], more: More = {}): RunView {
  const all = [
    ...failed.map((key) => [key, false] as const),
    ...(more.muted ?? []).map((key) => [key, true] as const),
    ...(more.unknown ?? []).map((key) => [key, 'unknown'] as const),
  ];
  const weak = more.weak ?? [];
  const errors = [...(more.errors ?? []), ...weak];
  return {
    ...{ runner: 'jest', root: '/r', startedAt: 0, endedAt: undefined, exitStatus: 1, total: undefined },
    ...{ family: '', overflow: false },
    ...more,
    weak: new Set(weak),
    runErrors: new Map(errors.map((key) => [key, key])),
    failed: new Map(all.map(([key, muted]) => [key, { name: key, muted }])),
  } as RunView;
}

const countFailures = (own: RunView, others: readonly RunView[], outerRetries: number) => {
  const isHard = (key: string) => own.failed.get(key)?.muted === false;
  return count({ ...own, isHard, hard: [...own.failed.keys()].filter(isHard).length }, others, outerRetries);
};

describe('countFailures', () => {
  it('counts distinct failures over all runs of the job, muted ones left out', () => {
    const counts = countFailures(run(['a', 'b'], { muted: ['m'] }), [run(['b', 'c']), run(['d'])], 0);
    expect(counts.testFailures).toBe(4);
  });

  it('knows the total only when every run has told its own', () => {
    expect(countFailures(run(['a'], { total: 10 }), [run(['b'], { total: 5 })], 0).total).toBe(15);
    expect(countFailures(run(['a'], { total: 10 }), [run(['b'])], 0).total).toBeUndefined();
  });

  it('counts a failure under outer retries once enough runs, one after the other, have shown it', () => {
    const first = run(['a', 'b'], { startedAt: 0, endedAt: 10 });
    const second = run(['a'], { startedAt: 11, endedAt: 20 });
    const third = run(['a'], { startedAt: 21 });
    expect(countFailures(first, [], 2).testFailures).toBe(0);
    expect(countFailures(second, [first], 2).testFailures).toBe(0);
    expect(countFailures(third, [first, second], 2).testFailures).toBe(1);
    expect(countFailures(third, [first, second], 3).testFailures).toBe(0);
  });

  it.each([
    ['ran side by side', run(['a'], { startedAt: 0, endedAt: 15 }), run(['a'], { startedAt: 11 })],
    ['never told its end', run(['a'], { startedAt: 0 }), run(['a'], { startedAt: 11 })],
    [
      'is of another project',
      run(['a'], { startedAt: 0, endedAt: 1, root: '/other' }),
      run(['a'], { startedAt: 11 }),
    ],
    [
      'is of another runner',
      run(['a'], { startedAt: 0, endedAt: 1, runner: 'vitest' }),
      run(['a'], { startedAt: 11 }),
    ],
    [
      'another process re-ran',
      run(['a'], { startedAt: 0, endedAt: 1, family: '7-1' }),
      run(['a'], { startedAt: 11, family: '8-1' }),
    ],
    ['had it muted', run([], { startedAt: 0, endedAt: 1, muted: ['a'] }), run(['a'], { startedAt: 11 })],
  ])('takes no run for an earlier attempt that %s', (_what, other, own) => {
    expect(countFailures(own, [other], 1).testFailures).toBe(0);
  });

  it('takes no run for an earlier attempt behind one in which the test passed', () => {
    const failing = run(['a'], { startedAt: 0, endedAt: 10 });
    const passing = run(['b'], { startedAt: 11, endedAt: 20 });
    const counts = countFailures(run(['a'], { startedAt: 21 }), [failing, passing], 1);
    expect(counts).toMatchObject({ testFailures: 0, awaitingRetry: 1 });
  });

  it('takes a run for an earlier attempt that ended in the very moment in which the next one began', () => {
    const first = run(['a'], { startedAt: 0, endedAt: 10 });
    expect(countFailures(run(['a'], { startedAt: 10 }), [first], 1).testFailures).toBe(1);
  });

  it('takes the runs of a row in the order of time, however they are told', () => {
    const failing = run(['a'], { startedAt: 0, endedAt: 10 });
    const passing = run([], { startedAt: 11, endedAt: 20 });
    const last = run(['a'], { startedAt: 21, endedAt: 30 });
    const own = run(['a'], { startedAt: 31 });
    const permutations = fc.shuffledSubarray([failing, passing, last], { minLength: 3 });
    fc.assert(
      fc.property(permutations, (others) => {
        expect(countFailures(own, others, 1).testFailures).toBe(1);
        expect(countFailures(own, others, 2).testFailures).toBe(0);
      }),
    );
  });

  it('goes on behind runs that ran beside one of the row', () => {
    const first = run(['a'], { startedAt: 0, endedAt: 10 });
    const beside = run([], { startedAt: 5, endedAt: 15 });
    const second = run(['a'], { startedAt: 11, endedAt: 20 });
    expect(countFailures(run(['a'], { startedAt: 21 }), [first, beside, second], 2).testFailures).toBe(1);
  });

  it('counts the distinct run errors of all runs, those of this run that are weak apart', () => {
    const own = run([], { errors: ['file', 'hook'], weak: ['exit'] });
    const other = run([], { errors: ['hook', 'crash'], weak: ['coverage'] });
    expect(countFailures(own, [other], 0)).toMatchObject({ runErrors: 3, weakRunErrors: 1 });
    expect(countFailures(run(['a']), [own], 0)).toMatchObject({ runErrors: 2, weakRunErrors: 0 });
  });

  it('counts a run error under outer retries as it counts a failed test', () => {
    const both = ['hook', 'import'];
    const first = run(['a'], { errors: both, weak: ['exit'], endedAt: 10 });
    const second = run(['a', 'b'], { errors: [...both, 'file'], weak: ['exit', 'coverage'], startedAt: 11 });
    expect(countFailures(second, [first], 1)).toMatchObject({
      ...{ testFailures: 1, runErrors: 2, weakRunErrors: 1 },
      awaitingRetry: 3,
    });
  });

  it('waits under outer retries for nothing that is muted, or may be', () => {
    const own = run(['a'], { muted: ['m'], unknown: ['u'] });
    expect(countFailures(own, [], 1)).toMatchObject({ testFailures: 0, awaitingRetry: 1 });
  });

  it.each([
    ['of the same process that runs the runner again', { family: '7-1' }, '7-1', 2],
    ['of another', { family: '7-1' }, '8-1', 0],
    ['of another runner', { family: '7-1', runner: 'vitest' }, '7-1', 0],
    ['of no known process', {}, '', 0],
  ] as const)('counts failures %s before that are muted, or may be: %o', (_what, more, family, count) => {
    const before = run(['a', 'b', 'c'], { ...more, muted: ['m'], unknown: ['u'] });
    for (const outerRetries of [0, 1]) {
      expect(countFailures(run([], { family }), [before], outerRetries).mutedBefore).toBe(count);
    }
  });
});
