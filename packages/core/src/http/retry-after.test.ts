import { expect, it } from 'vitest';
import { readRetryAfter } from './retry-after.ts';

const now = Date.parse('2026-08-01T12:00:00Z');

it.each([
  ['no header', {}, undefined],
  ['seconds', { 'retry-after': '7' }, 7000],
  ['fractions of seconds', { 'retry-after': '0.5' }, 500],
  ['no seconds at all', { 'retry-after': '0' }, 0],
  ['a date to come', { 'retry-after': 'Sat, 01 Aug 2026 12:00:09 GMT' }, 9000],
  ['a date that has passed', { 'retry-after': 'Sat, 01 Aug 2026 11:00:00 GMT' }, 0],
  ['a header given twice', { 'retry-after': ['3', '9'] }, 3000],
  ['a negative number', { 'retry-after': '-3' }, undefined],
  ['nonsense', { 'retry-after': 'soon' }, undefined],
  ['an endless number', { 'retry-after': '9'.repeat(400) }, undefined],
  ['a reset', { 'ratelimit-reset': '12' }, 12_000],
  ['a reset when nothing remains', { 'ratelimit-reset': '12', 'ratelimit-remaining': '0' }, 12_000],
  ['a reset while some remains', { 'ratelimit-reset': '12', 'ratelimit-remaining': '3' }, undefined],
  ['both', { 'retry-after': '2', 'ratelimit-reset': '12' }, 2000],
  ['nonsense beside a reset', { 'retry-after': 'soon', 'ratelimit-reset': '12' }, 12_000],
] as const)('reads %s', (_, headers, wait) => {
  expect(readRetryAfter(headers, now)).toBe(wait);
});
