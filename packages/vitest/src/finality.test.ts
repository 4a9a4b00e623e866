import { describe, expect, it } from 'vitest';
import { fakeVitest } from '../test/fakes.ts';
import { settleIn, statusOf, willRunAgain } from './finality.ts';

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
