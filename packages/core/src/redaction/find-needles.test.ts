import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findNeedles } from './find-needles.ts';
import { normalizeNeedle } from './needle.ts';

describe('a search', () => {
  it.each([
    ['nothing', 'abc', ['xyz123'], []],
    ['a needle', 'my secret!', ['secret'], [[3, 9]]],
    ['overlapping needles as one', 'abcdefgh', ['abcdef', 'defgh'], [[0, 8]]],
    ['a needle within another as one', 'abcdefgh', ['abcdefgh', 'cdef'], [[0, 8]]],
    ['a needle that overlaps itself as one', 'abababab', ['abab'], [[0, 8]]],
    [
      'adjacent needles as two',
      'secretsecret',
      ['secret'],
      [
        [0, 6],
        [6, 12],
      ],
    ],
    [
      'adjacent different needles as two',
      'secretpasswd',
      ['passwd', 'secret'],
      [
        [0, 6],
        [6, 12],
      ],
    ],
    ['a chain of overlaps as one', 'abcdefghij', ['abcd', 'defg', 'ghij'], [[0, 10]]],
    ['lines with any white space between', 'one \t\r\n\v\f two', ['one\ntwo'], [[0, 13]]],
    ['lines with one space between', 'one two', ['one\ntwo'], [[0, 7]]],
    ['no lines without white space between', 'onetwo', ['one\ntwo'], []],
    ['no lines with another space between', 'one\u00a0two', ['one\ntwo'], []],
    ['white space within a line as it is', 'a\tb c  d', ['a\tb\nc  d'], [[0, 8]]],
    ['no other white space within a line', 'a b c  d', ['a\tb\nc  d'], []],
    ['lines that overlap themselves as one', 'a b\na b a b a b c', ['a b\na b\na b'], [[0, 15]]],
    ['lines at the end', 'x one \n two', ['one\ntwo'], [[2, 11]]],
    ['no lines for a space', 'one\ntwo', ['one two'], []],
    ['texts that mean something in a pattern', 'x a.b*(c)\n[d]$ x', ['a.b*(c)\n[d]$'], [[2, 14]]],
  ] as const)('finds %s', (_, text, needles, ranges) => {
    expect(findNeedles(text, needles)).toEqual(ranges);
  });
});

it('finds lines of any length that hold white space', () => {
  const line = `a${' '.repeat(60_000)}b`;
  const text = `x ${line}  ${line} x`;
  expect(findNeedles(text, [`${line}\n${line}`])).toEqual([[2, text.length - 2]]);
});

/** As it is told, and as slow as that: tries every needle at every place. */
function findPlainly(text: string, needles: readonly string[]): readonly (readonly [number, number])[] {
  const found: [number, number][] = [];
  for (const needle of needles) {
    const lines = needle.split('\n').map((line) => line.replace(/[^a-z ]/g, '\\$&'));
    const pattern = new RegExp(lines.join('[\\t\\n\\v\\f\\r ]+'), 'y');
    for (let at = 0; at < text.length; at++) {
      pattern.lastIndex = at;
      if (pattern.test(text)) found.push([at, pattern.lastIndex]);
    }
  }
  const merged: [number, number][] = [];
  for (const [start, end] of found.sort((a, b) => a[0] - b[0])) {
    const last = merged.at(-1);
    if (last !== undefined && start < last[1]) last[1] = Math.max(last[1], end);
    else merged.push([start, end]);
  }
  return merged;
}

it('finds what the plain search finds, in any text', () => {
  const string = (maxLength: number) =>
    fc.string({ unit: fc.constantFrom('a', 'b', ' ', '\n', '.'), maxLength });
  const needle = string(8)
    .map(normalizeNeedle)
    .filter((text) => text !== '');
  fc.assert(
    fc.property(string(60), fc.array(needle, { maxLength: 4 }), (text, needles) => {
      expect(findNeedles(text, needles)).toEqual(findPlainly(text, needles));
    }),
    { numRuns: 3000 },
  );
});
