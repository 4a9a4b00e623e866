import { expect, it } from 'vitest';
import { createBudget } from './budget.ts';

it('is spent when this process has used the CPU, and not before', () => {
  const large = createBudget(60_000);
  const small = createBudget(5);
  const before = process.cpuUsage();
  const used = () => {
    const { user, system } = process.cpuUsage(before);
    return (user + system) / 1000;
  };
  const start = performance.now();
  while (used() < 10 || performance.now() - start < 10);
  expect([large.isSpent(), small.isSpent()]).toEqual([false, true]);
});

it('is spent after ten times as long, though nothing was computed', async () => {
  const budget = createBudget(4);
  await new Promise((resolve) => setTimeout(resolve, 60));
  expect(budget.isSpent()).toBe(true);
});
