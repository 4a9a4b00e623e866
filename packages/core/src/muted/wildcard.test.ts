import { describe, expect, it } from 'vitest';
import { collapseSpaces, matchesWildcard } from './wildcard.ts';

describe('matchesWildcard', () => {
  it.each([
    ['abc', 'abc', true],
    ['abc', 'abcd', false],
    ['', '', true],
    ['*', '', true],
    ['*', 'a\nb/c', true],
    ['a*', 'abc', true],
    ['a*', 'ba', false],
    ['*c', 'abc', true],
    ['a*c', 'abc', true],
    ['a*c', 'ac', true],
    ['ab*bc', 'abc', false],
    ['a*b*c', 'a1b2c', true],
    ['a*b*c', 'acb', false],
    ['*pays*card*', 'Checkout pays by card twice', true],
    ['**', 'x', true],
    ['returns {x} [1] (a|b) ./c', 'returns {x} [1] (a|b) ./c', true],
    ['!a', 'b', false],
    ['a.c', 'abc', false],
    ['a\\*', 'a\\b', true],
  ])('%j against %j is %j', (pattern, text, expected) => {
    expect(matchesWildcard(pattern, text)).toBe(expected);
  });

  it('stays linear in the text for a pattern of many wildcards', () => {
    const text = 'a'.repeat(200_000);
    expect(matchesWildcard(`${'*a'.repeat(200)}*b`, text)).toBe(false);
    expect(matchesWildcard(`${'*a'.repeat(200)}*`, text)).toBe(true);
  });
});

describe('collapseSpaces', () => {
  it('takes any white space for one space and drops it at the ends', () => {
    expect(collapseSpaces('  chromium\ta.spec.ts \n logs  in ')).toBe('chromium a.spec.ts logs in');
  });
});
