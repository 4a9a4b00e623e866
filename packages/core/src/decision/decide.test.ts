import { describe, expect, it } from 'vitest';
import { decide, type HoldReason, type Standing } from './decide.ts';

const failing: Standing = {
  testFailures: 1,
  runErrors: 0,
  weakRunErrors: 0,
  mutedFailures: 0,
  ended: false,
  awaitingRetry: 0,
  total: undefined,
  muted: 'none',
  cancelled: false,
  flippers: [],
};

describe('decide', () => {
  it.each<[string, Partial<Standing>, number]>([
    ['one failed test', {}, 1],
    ['one run error', { testFailures: 0, runErrors: 1 }, 1],
    ['a failed test that the list does not mute', { muted: 'known' }, 1],
    ['a run error while the list is on its way', { muted: 'loading', runErrors: 1 }, 1],
    ['a run error without a list', { muted: 'unavailable', runErrors: 1 }, 1],
    ['a weak run error where nothing is muted', { testFailures: 0, weakRunErrors: 1 }, 1],
    [
      'a weak run error beside one that stands',
      { testFailures: 0, weakRunErrors: 1, runErrors: 1, muted: 'known' },
      2,
    ],
    ['a weak run error beside a hard failure', { weakRunErrors: 1, muted: 'known', mutedFailures: 3 }, 2],
    [
      'a weak run error when all is over and nothing muted failed',
      { testFailures: 0, weakRunErrors: 1, muted: 'known', ended: true },
      1,
    ],
  ])('promises for %s', (_what, change, hardFailures) => {
    expect(decide({ ...failing, ...change }, { threshold: { count: 1 }, exitStatus: 2 })).toMatchObject({
      promise: true,
      exitStatus: 2,
      hardFailures,
    });
  });

  it.each<[HoldReason, Partial<Standing>, string | number]>([
    ['no hard failure', { testFailures: 0 }, 1],
    ['a further run of the runner may pass', { testFailures: 0, awaitingRetry: 1 }, 1],
    ['muted tests may account for it', { testFailures: 0, weakRunErrors: 1, muted: 'known' }, 1],
    [
      'muted tests may account for it',
      { testFailures: 0, weakRunErrors: 1, muted: 'known', ended: true, mutedFailures: 1 },
      1,
    ],
    ['the list of muted tests is on its way', { testFailures: 0, weakRunErrors: 1, muted: 'loading' }, 1],
    [
      'the list of muted tests is on its way',
      { testFailures: 0, weakRunErrors: 1, muted: 'loading', ended: true },
      1,
    ],
    ['the list of muted tests cannot be had', { testFailures: 0, weakRunErrors: 1, muted: 'unavailable' }, 1],
    ['below the threshold', { testFailures: 2 }, 3],
    ['below the threshold', { testFailures: 0, runErrors: 1, muted: 'loading' }, 2],
    ['below the threshold', { testFailures: 2, total: 100 }, '5%'],
    ['the number of tests is not certain yet', { testFailures: 50 }, '5%'],
    ['the list of muted tests is on its way', { muted: 'loading' }, 1],
    ['the list of muted tests cannot be had', { muted: 'unavailable' }, 1],
    ['the list of muted tests cannot be had', { muted: 'unavailable', runErrors: 1 }, 2],
    ['the run is being cancelled', { cancelled: true, runErrors: 9 }, 1],
    ['a layer around the runner may change the exit status', { flippers: ['a wrapper'], runErrors: 9 }, 1],
  ])('holds: %s', (because, change, threshold) => {
    const policy = {
      threshold: typeof threshold === 'number' ? { count: threshold } : { percent: 5 },
      exitStatus: 1,
    };
    expect(decide({ ...failing, ...change }, policy)).toEqual({ promise: false, because });
  });

  it('promises when the share of a certain total is reached', () => {
    const policy = { threshold: { percent: 5 }, exitStatus: 1 };
    expect(decide({ ...failing, testFailures: 5, total: 100 }, policy).promise).toBe(true);
    expect(decide({ ...failing, testFailures: 4, total: 100 }, policy).promise).toBe(false);
  });
});
