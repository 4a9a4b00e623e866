import type { Config } from '@jest/types';
import { expect, it } from 'vitest';
import { exitStatusOf, findSilence } from './silence.ts';

const config = (given: object) => ({ testFailureExitCode: 1, ...given }) as Config.GlobalConfig;

it.each([
  ['an ordinary run', {}, undefined],
  ['watch mode', { watch: true }, 'watch mode'],
  ['watch mode for all tests', { watchAll: true }, 'watch mode'],
  ['failures that exit with 0', { testFailureExitCode: 0 }, 'failed tests exit with 0 (testFailureExitCode)'],
  [
    'failures that exit with 256',
    { testFailureExitCode: 256 },
    'failed tests exit with 0 (testFailureExitCode)',
  ],
])('finds why the exit does not follow the tests: %s', (_what, given, silence) => {
  expect(findSilence(config(given))).toBe(silence);
});

it.each([
  [1, 1],
  [3, 3],
  [257, 1],
  [-1, 255],
])('knows that code %i ends the process with %i', (testFailureExitCode, status) => {
  expect(exitStatusOf(config({ testFailureExitCode }))).toBe(status);
});
