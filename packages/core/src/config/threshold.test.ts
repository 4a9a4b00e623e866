import { describe, expect, it } from 'vitest';
import { failuresNeeded, parseThreshold } from './threshold.ts';

describe('parseThreshold', () => {
  it.each([
    [3, { count: 3 }],
    ['3', { count: 3 }],
    [' 12 ', { count: 12 }],
    ['5%', { percent: 5 }],
    ['0.5%', { percent: 0.5 }],
    ['100%', { percent: 100 }],
  ])('reads %j', (value, expected) => expect(parseThreshold(value)).toEqual(expected));

  it.each([0, -1, 1.5, Number.NaN, '', 'x', '0%', '101%', '5 %', '%', '1e3'])('refuses %j', (value) => {
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
  ])('%d%% of %d tests is reached by %d', (percent, total, needed) =>
    expect(failuresNeeded({ percent }, total)).toBe(needed),
  );
});
