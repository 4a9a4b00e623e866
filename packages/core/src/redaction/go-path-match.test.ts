import { expect, it } from 'vitest';
import { compileGoPattern } from './go-path-match.ts';

it.each([
  ['*_TOKEN', 'MY_TOKEN', true],
  ['*_TOKEN', '_TOKEN', true],
  ['*_TOKEN', 'TOKEN', false],
  ['*_TOKEN', 'my_token', false],
  ['*_TOKEN', 'MY_TOKENS', false],
  ['*_TOKEN', 'a/b_TOKEN', false],
  ['TOKEN', 'TOKEN', true],
  ['TOKEN', 'MY_TOKEN', false],
  ['', '', true],
  ['', 'A', false],
  ['*', '', true],
  ['*', '.HIDDEN', true],
  ['*', 'a/b', false],
  ['**', 'a/b', false],
  ['?', 'a', true],
  ['?', '😀', true],
  ['?', '/', false],
  ['a*b*c', 'a__b__c', true],
  ['*KEY*', 'SSH_KEY_2', true],
  ['[A-C]X', 'BX', true],
  ['[A-C]X', 'DX', false],
  ['[^A-C]X', 'DX', true],
  ['[^A-C]X', 'AX', false],
  ['[^a]', '/', true],
  ['[!A]', '!', true],
  ['[!A]', 'A', true],
  ['[!A]', 'B', false],
  ['[z-a]', 'm', false],
  ['[^z-a]', 'm', true],
  ['[\\]]', ']', true],
  ['[\\-x]', '-', true],
  ['\\*', '*', true],
  ['\\*', 'x', false],
  ['{A,B}', 'A', false],
  ['{A,B}', '{A,B}', true],
  ['+(A)', '+(A)', true],
  ['A.B', 'AxB', false],
  ['A]', 'A]', true],
  ['[^]', '', undefined],
  ['[]a]', ']', undefined],
  ['[-x]', '-', undefined],
  ['[x-]', '-', undefined],
  ['[', '[', undefined],
  ['A[B', 'AB', undefined],
  ['A\\', 'A\\', undefined],
  ['[a\\]', 'a', undefined],
] as const)('%j finds %j: %s', (pattern, name, expected) => {
  expect(compileGoPattern(pattern)?.(name)).toBe(expected);
});

it('takes no longer for a pattern with many stars', () => {
  const matches = compileGoPattern(`${'*_'.repeat(12)}TOKEN`);
  const started = performance.now();
  expect(matches?.('_A'.repeat(60))).toBe(false);
  expect(performance.now() - started).toBeLessThan(5000);
});
