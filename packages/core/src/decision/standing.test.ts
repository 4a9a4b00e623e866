import { describe, expect, it } from 'vitest';
import type { RunView } from '../job/job-ledger.ts';
import { countFailures } from './standing.ts';

function run(
  failed: readonly string[],
  more: Partial<RunView> & { muted?: readonly string[] } = {},
): RunView {
  const all = [
    ...failed.map((key) => [key, false] as const),
    ...(more.muted ?? []).map((key) => [key, true] as const),
  ];
  return {
    ...{ runner: 'jest', root: '/r', startedAt: 0, endedAt: undefined, exitStatus: 1, total: undefined },
    family: '',
    weak: new Set(),
    ...{ overflow: false, runErrors: new Map() },
    ...more,
    failed: new Map(all.map(([key, muted]) => [key, { name: key, muted }])),
  } as RunView;
}

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
    ['run side by side', run(['a'], { startedAt: 0, endedAt: 15 }), run(['a'], { startedAt: 11 })],
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

  it('counts the weak run errors of this run apart, and those of others not at all', () => {
    const runErrors = new Map([
      ['h', 'hook'],
      ['f', 'file'],
    ]);
    const own = run([], { runErrors, weak: new Set(['h']) });
    expect(countFailures(own, [own], 0)).toMatchObject({ runErrors: 1, weakRunErrors: 1 });
    expect(countFailures(run(['a']), [own], 0)).toMatchObject({ runErrors: 1, weakRunErrors: 0 });
  });
});
