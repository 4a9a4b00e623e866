import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { failuresNeeded, parseThreshold } from './threshold.ts';

describe('parseThreshold', () => {
  it.each([
    [1, { count: 1 }],
    [3, { count: 3 }],
    ['3', { count: 3 }],
    [' 12 ', { count: 12 }],
    ['5%', { percent: 5 }],
    ['0.5%', { percent: 0.5 }],
    ['12.25%', { percent: 12.25 }],
    ['100%', { percent: 100 }],
  ])('reads %j', (value, expected) => expect(parseThreshold(value)).toEqual(expected));

  it.each([
    ...[0, -1, 1.5, Number.NaN, '', 'x', '1e3', '3 tests'],
    ...['0%', '101%', '5 %', '%', '-5%', 'some 5%', '5% of all', '5%%', '5.%'],
  ])('refuses %j', (value) => {
    expect(parseThreshold(value)).toBeUndefined();
  });
});

describe('failuresNeeded', () => {
  it('is the count itself, whatever the total', () =>
    expect(failuresNeeded({ count: 4 }, undefined)).toBe(4));
  it('is unknown for a share of an unknown total', () =>
    expect(failuresNeeded({ percent: 5 }, undefined)).toBeUndefined());
  it.each([
    [5, 100, 5],
    [5, 101, 6],
    [5, 3, 1],
    [100, 7, 7],
    [1, 0, 1],
  ])('of the share %d and %d tests is %d', (percent, total, needed) =>
    expect(failuresNeeded({ percent }, total)).toBe(needed),
  );

  it('is the least number of failures, and at least one, that makes up the share', () => {
    const inputs = [fc.integer({ min: 1, max: 100 }), fc.nat({ max: 100_000 })] as const;
    fc.assert(
      fc.property(...inputs, (percent, total) => {
        const needed = failuresNeeded({ percent }, total) ?? Number.NaN;
        expect(needed * 100).toBeGreaterThanOrEqual(Math.max(100, percent * total));
        if (needed > 1) expect((needed - 1) * 100).toBeLessThan(percent * total);
      }),
    );
  });
});
