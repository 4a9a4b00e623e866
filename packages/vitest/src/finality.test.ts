import { describe, expect, it } from 'vitest';
import type { TestCase } from 'vitest/node';
import { fakeVitest } from '../test/fakes.ts';
import { failedOnlyAttempt, settleIn, statusOf, willRunAgain } from './finality.ts';

describe('when a failure stands', () => {
  it.each([
    ['3.2.7', true, 'file'],
    ['4.1.12', true, 'file'],
    ['5.0.0-rc.2', true, 'file'],
    ['5.0.5', true, 'file'],
    ['5.1.0', true, 'attempt'],
    ['6.0.0', true, 'attempt'],
    ['4.1.12', false, 'attempt'],
  ] as const)('is the end of the file where a dying worker hides it: %s, %s', (version, ignored, settle) => {
    const vitest = fakeVitest({ dangerouslyIgnoreUnhandledErrors: ignored }, [], version);
    expect(settleIn(vitest, 'attempt')).toBe(settle);
    expect(settleIn(vitest, 'file')).toBe('file');
  });

  it.each([
    ['attempt', false, 'no'],
    ['attempt', true, 'no'],
    ['file', false, 'unknown'],
    ['file', true, 'no'],
  ] as const)('settles by %s, file ended %s: runs again %s', (settle, fileEnded, again) => {
    expect(willRunAgain(settle, fileEnded)).toBe(again);
  });
});

describe('the end of an attempt is the last word', () => {
  const isLastWord = (options: object, state = 'failed', runner?: string) =>
    failedOnlyAttempt({
      options: { fails: undefined, retry: 0, repeats: undefined, ...options },
      project: { config: { runner } },
      result: () => ({ state }),
    } as unknown as TestCase);

  it('where it has failed and no other follows', () => {
    expect(isLastWord({})).toBe(true);
  });

  it.each([
    ['it has not failed yet', {}, 'pending'],
    ['it was skipped', {}, 'skipped'],
    ['failing is expected', { fails: true }],
    ['it may be tried again', { retry: 1 }],
    ['it may be tried again under a condition', { retry: { count: 1 } }],
    ['it is repeated', { repeats: 1 }],
    ["a runner of the user's own may change it", {}, 'failed', './runner.ts'],
  ])('not where %s', (_where, options, state?: string, runner?: string) => {
    expect(isLastWord(options, state, runner)).toBe(false);
  });
});

describe('the status of a result', () => {
  it.each([
    ['passed', 'passed'],
    ['failed', 'failed'],
    ['skipped', 'skipped'],
    ['pending', 'unknown'],
    ['quantum' as 'passed', 'unknown'],
  ] as const)('of a test that is %s is %s', (state, status) => {
    expect(statusOf(state)).toBe(status);
  });
});
