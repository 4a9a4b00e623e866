import { expect, it } from 'vitest';
import { readSettle } from './settle.ts';

it.each([
  ['nothing is said', undefined, undefined, 'attempt'],
  ['the option says so', 'file', undefined, 'file'],
  ['the variable says so', undefined, 'file', 'file'],
  ['the option contradicts the variable', 'attempt', 'file', 'attempt'],
  ['the variable is empty', undefined, '', 'attempt'],
  ['the option is wrong', 'never', undefined, 'file'],
  ['the variable is wrong', undefined, 'never', 'file'],
])('reads when a failure stands: %s', (_when, option, variable, settle) => {
  expect(readSettle(option, { PROMISE_FAILURE_SETTLE: variable })).toBe(settle);
});
