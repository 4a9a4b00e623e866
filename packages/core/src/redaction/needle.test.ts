import { expect, it } from 'vitest';
import { normalizeNeedle, quoteLikeGo } from './needle.ts';

it.each([
  ['a secret', 'a secret'],
  ['  a secret\t', 'a secret'],
  ['one\ntwo', 'one\ntwo'],
  ['one \r\n\r\n\t two\n', 'one\ntwo'],
  ['one\rtwo', 'one\rtwo'],
  ['\u00a0one\u0085', 'one'],
  ['\ufeffone', '\ufeffone'],
  [' \n ', ''],
])('normalizes %j to %j', (secret, needle) => {
  expect(normalizeNeedle(secret)).toBe(needle);
});

it('trims what Unicode calls white space, and nothing else', () => {
  const unicode = /\p{White_Space}/u;
  for (let code = 0; code <= 0xffff; code++) {
    const character = String.fromCharCode(code);
    expect(normalizeNeedle(`${character}é${character}`) === 'é', `U+${code.toString(16)}`).toBe(
      unicode.test(character),
    );
  }
});

it('takes no longer for a secret with much white space inside it', () => {
  const secret = `é${' '.repeat(200_000)}é`;
  const startedAt = performance.now();
  expect(normalizeNeedle(secret)).toBe(secret);
  // A tenth of a millisecond; a search from each of the spaces takes more than ten seconds.
  expect(performance.now() - startedAt).toBeLessThan(1000);
});

it.each([
  ['plain', 'plain'],
  ['say "no"', 'say \\"no\\"'],
  ['back\\slash', 'back\\\\slash'],
  ['a\nb\tc\rd', 'a\\nb\\tc\\rd'],
  ['\x07\b\f\v', '\\a\\b\\f\\v'],
  ['\x00\x1b\x7f', '\\x00\\x1b\\x7f'],
  ['\u0085\u00a0\u200b\ufeff', '\\u0085\\u00a0\\u200b\\ufeff'],
  ['grüße 漢字 😀', 'grüße 漢字 😀'],
  ['\u{e0001}', '\\U000e0001'],
])('quotes %j as Go does', (text, quoted) => {
  expect(quoteLikeGo(text)).toBe(quoted);
});
