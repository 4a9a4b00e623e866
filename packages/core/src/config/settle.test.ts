import { expect, it } from 'vitest';
import { readSettle } from './settle.ts';

it.each([
  ['nothing is said', undefined, undefined, 'attempt', []],
  ['the option says so', 'file', undefined, 'file', []],
  ['the variable says so', undefined, 'file', 'file', []],
  ['the option contradicts the variable', 'attempt', 'file', 'attempt', []],
  ['the variable is empty', undefined, '', 'attempt', []],
  ['the option is wrong', 'never', undefined, 'file', ['settle']],
  ['the variable is wrong', undefined, 'never', 'file', ['PROMISE_FAILURE_SETTLE']],
])('reads when a failure stands: %s', (_when, option, variable, settle, fields) => {
  const read = readSettle(option, { PROMISE_FAILURE_SETTLE: variable });
  expect(read.settle).toBe(settle);
  expect(read.problems.map(({ field }) => field)).toEqual(fields);
});
