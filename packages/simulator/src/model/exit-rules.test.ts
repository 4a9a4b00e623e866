import { expect, test } from 'vitest';
import { anyFailureTwice, isRetried, isSoft, recordedExitStatus, type SoftFail } from './exit-rules.ts';

test.each<[SoftFail, number, boolean]>([
  [false, 1, false],
  [true, 1, true],
  [true, -1, true],
  [true, 0, false],
  [[42], 42, true],
  [[42], 1, false],
  [['*'], 1, true],
  [['*'], 0, false],
  [[], 1, false],
])('soft_fail %j with exit %i is soft: %s', (softFail, exitStatus, expected) => {
  expect(isSoft(softFail, exitStatus)).toBe(expected);
});

const twoRules = [
  { exitStatus: [2, 3], limit: 1 },
  { exitStatus: ['*' as const], limit: 3 },
];

test.each([
  [anyFailureTwice, 1, 0, true],
  [anyFailureTwice, 255, 1, true],
  [anyFailureTwice, 1, 2, false],
  [anyFailureTwice, 0, 0, false],
  [anyFailureTwice, -1, 0, false],
  [[{ exitStatus: [-1], limit: 1 }], -1, 0, true],
  [[], 1, 0, false],
  [twoRules, 3, 0, true],
  [twoRules, 3, 1, false],
  [twoRules, 4, 2, true],
])('rules %j, exit %i after %i retries: retried %s', (rules, exitStatus, retries, expected) => {
  expect(isRetried(rules, exitStatus, retries)).toBe(expected);
});

test.each<[string, SoftFail, number | null, number, number]>([
  ['no promise, as reported', false, null, 3, 3],
  ['success after a promise, the promise', false, 1, 0, 1],
  ['success after a soft promise, the promise', true, 1, 0, 1],
  ['another failure, as reported', false, 1, 2, 2],
  ['a soft failure after a hard promise, the promise', [42], 1, 42, 1],
  ['a hard failure after a soft promise, as reported', [42], 42, 1, 1],
  ['a soft failure after a soft promise, as reported', [41, 42], 42, 41, 41],
])('records: %s', (_name, softFail, promised, reported, expected) => {
  expect(recordedExitStatus(softFail, promised, reported)).toBe(expected);
});
