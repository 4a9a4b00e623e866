import { describe, expect, it } from 'vitest';
import { createRateBudget, type RateBudget } from './rate-budget.ts';

const answer = (limit: number, remaining: number, reset: number, prefix = 'ratelimit') => ({
  [`${prefix}-limit`]: String(limit),
  [`${prefix}-remaining`]: String(remaining),
  [`${prefix}-reset`]: String(reset),
});

/** Milliseconds from one request to the next. */
function paceOf(budget: RateBudget): number {
  budget.take();
  return budget.take();
}

describe('a rate budget', () => {
  it('spreads its share over the time that is left', () => {
    const budget = createRateBudget({ share: 0.5, now: () => 0 });
    budget.observe(answer(200, 200, 60));
    expect(paceOf(budget)).toBe(600);
  });

  it('slows down when others use the limit too, and waits for the reset when its share is used up', () => {
    const budget = createRateBudget({ share: 0.5, now: () => 0 });
    budget.observe(answer(200, 110, 30));
    expect(paceOf(budget)).toBe(3000);
    const late = createRateBudget({ share: 0.5, now: () => 0 });
    late.observe(answer(200, 100, 30));
    expect(paceOf(late)).toBe(30_250);
  });

  it('obeys the tighter one of the organization’s and the user’s limits', () => {
    const budget = createRateBudget({ share: 0.5, now: () => 0 });
    budget.observe({ ...answer(200, 200, 60), ...answer(50, 50, 60, 'ratelimit-user') });
    expect(paceOf(budget)).toBe(2400);
  });

  it.each(['ratelimit', 'ratelimit-user'])(
    'makes no request before the end of a window of %s whose share is used up',
    (prefix) => {
      let now = 0;
      const budget = createRateBudget({ share: 0.5, now: () => now });
      budget.observe({ ...answer(200, 200, 60), ...answer(50, 25, 60, prefix) });
      const taken: number[] = [];
      for (; now < 62_000; now += 50) if (budget.take() === 0) taken.push(now);
      expect(taken[0]).toBe(60_250);
      budget.observe(answer(50, 25, 60, prefix));
      expect(budget.take(true)).toBe(60_250);
    },
  );

  it('lets a request pass at once that cannot wait, while there is something left of the share', () => {
    const budget = createRateBudget({ share: 0.5, now: () => 0 });
    budget.observe(answer(50, 50, 60));
    expect([budget.take(), budget.take(), budget.take(true)]).toEqual([0, 2400, 0]);
  });

  it('is free again when the window is over', () => {
    let now = 0;
    const budget = createRateBudget({ now: () => now });
    budget.observe(answer(50, 0, 20));
    now = 20_250;
    expect(paceOf(budget)).toBe(0);
  });

  it('gives one of many the next turn, and the first one at once', () => {
    let now = 0;
    const budget = createRateBudget({ share: 0.5, now: () => now });
    budget.observe(answer(200, 200, 60));
    expect([1, 2, 3].map(() => budget.take())).toEqual([0, 600, 600]);
    now = 600;
    expect([1, 2].map(() => budget.take())).toEqual([0, 594]);
  });

  it('assumes the smallest documented limit before the first answer, and after nonsense', () => {
    const budget = createRateBudget({ share: 0.5, now: () => 0 });
    budget.observe({ 'ratelimit-limit': 'many', 'ratelimit-remaining': '-1', 'ratelimit-reset': 'soon' });
    expect(paceOf(budget)).toBe(2400);
  });

  it.each([0, -1, 1.1, Number.NaN])('refuses the share %s', (share) => {
    expect(() => createRateBudget({ share })).toThrow(RangeError);
  });
});
