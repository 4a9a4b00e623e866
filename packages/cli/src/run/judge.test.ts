import type { RunView } from '@promise-failure/core/job';
import { describe, expect, it } from 'vitest';
import { type CommandEnd, judgeRuns } from './judge.ts';

type Failed = Record<string, boolean | 'unknown'>;

function run(failed: Failed, over: Partial<RunView> = {}): RunView {
  return {
    runner: 'jest',
    root: '/repo',
    startedAt: 1,
    exitStatus: 1,
    family: '',
    weak: new Set(),
    endedAt: 2,
    total: undefined,
    overflow: false,
    failed: new Map(Object.entries(failed).map(([name, muted]) => [name, { name, muted }])),
    runErrors: new Map(),
    ...over,
  };
}

const failedTests: CommandEnd = { type: 'exited', code: 1 };
const muted = run({ 'A > b': true });

describe('judgeRuns', () => {
  it('forgives where every failure is muted, and names each once', () => {
    const runs = [run({ a: true, b: true }), run({ a: true, c: true })];
    expect(judgeRuns(failedTests, runs, true)).toEqual({ forgiven: true, muted: ['a', 'b', 'c'] });
  });

  it.each<[string, CommandEnd, readonly RunView[], string]>([
    ['a failure is not muted', failedTests, [run({ a: true, b: false })], '1 test not muted: b'],
    ['another run has a failure', failedTests, [muted, run({ b: false })], 'not muted: b'],
    ['the muted tests are not known', failedTests, [run({ a: true, b: 'unknown' })], 'not known'],
    ['a run error stands', failedTests, [run({ a: true }, { runErrors: new Map([['k', 'boom']]) })], 'boom'],
    ['there is no evidence', failedTests, [], 'no reporter'],
    ['nothing explains the failure', failedTests, [run({})], 'no muted test'],
    ['a run did not reach its end', failedTests, [run({ a: true }, { endedAt: undefined })], 'its end'],
    ['a run left tests out', failedTests, [run({ a: true }, { cutShort: true })], 'before all of its tests'],
    ['failures went unwritten', failedTests, [run({ a: true }, { overflow: true })], 'more failures'],
    ['the status is another', { type: 'exited', code: 2 }, [muted], 'exit status 2'],
    [
      'one run would exit otherwise',
      failedTests,
      [muted, run({ b: true }, { exitStatus: 3 })],
      'exit status 1',
    ],
    ['a signal ended it', { type: 'signalled', exitStatus: 143 }, [muted], 'signal'],
    ['it exited after a signal', { type: 'signalled', exitStatus: 1 }, [muted], 'signal'],
  ])('forgives nothing where %s', (_, end, runs, because) => {
    expect(judgeRuns(end, runs, true)).toEqual({
      forgiven: false,
      because: expect.stringContaining(because),
    });
  });

  it.each([
    [false, 'is PROMISE_FAILURE set?'],
    [true, 'is it among the reporters of the runner?'],
  ])('asks what may be wrong where nothing was told and promises are asked for: %s', (isAskedFor, hint) => {
    const because = expect.stringContaining(hint);
    expect(judgeRuns(failedTests, [], isAskedFor)).toEqual({ forgiven: false, because });
  });
});
