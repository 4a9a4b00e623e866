// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Buildkite's own expressions
import { expect, test } from 'vitest';
import { InterpolationError, interpolate } from './interpolate.ts';

const env: Record<string, string> = { A: 'one', EMPTY: '', LONG: 'abcdefgh' };
const lookup = (name: string) => env[name];

test.each([
  ['$A ${A}', 'one one'],
  ['$NONE.', '.'],
  ['$$A and \\$A', '$A and $A'],
  ['${NONE:-default} ${EMPTY:-default} ${EMPTY-kept}', 'default default '],
  ['${NONE:-${A}}', 'one'],
  ['${LONG:0:3} ${LONG:5}', 'abc fgh'],
  ['${A?must be set}', 'one'],
  ['$! $(date) $1 5$', '$! $(date) $1 5$'],
])('%j becomes %j', (text, expected) => {
  expect(interpolate(text, lookup)).toBe(expected);
});

test.each(['${NONE?must be set}', '${EMPTY:?must be set}', '${A', '${1}'])('%j is refused', (text) => {
  expect(() => interpolate(text, lookup)).toThrow(InterpolationError);
});
