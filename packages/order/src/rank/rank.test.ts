import { expect, it } from 'vitest';
import { nameAffinity } from './affinity.ts';
import { type Facts, rankFiles } from './rank.ts';

const facts = (known: Partial<Facts> = {}): Facts => ({
  isChanged: false,
  affinity: 0,
  weight: { own: 0, others: 0 },
  ...known,
});
const rank = (known: Record<string, Facts>) =>
  rankFiles(Object.keys(known), (name) => known[name] ?? facts()).join(' ');

it('puts changed before related before failed lately before the rest', () => {
  const weight = { own: 1, others: 0 };
  expect(
    rank({
      rest: facts(),
      failed: facts({ weight }),
      related: facts({ distance: 3 }),
      changed: facts({ isChanged: true }),
    }),
  ).toBe('changed related failed rest');
});

it('puts near before far, and a related file that failed on this branch among the nearest', () => {
  const weight = { own: 1, others: 0 };
  expect(
    rank({
      far: facts({ distance: 4 }),
      near: facts({ distance: 2 }),
      failed: facts({ distance: 5, weight }),
    }),
  ).toBe('failed near far');
});

it('prefers a failure on this branch to several on others', () => {
  expect(
    rank({
      others: facts({ weight: { own: 0, others: 5 } }),
      own: facts({ weight: { own: 0.5, others: 0 } }),
    }),
  ).toBe('own others');
});

it('keeps the order of the rest, whatever their time', () => {
  expect(rank({ slow: facts({ expectedMs: 9 }), quick: facts({ expectedMs: 1 }) })).toBe('slow quick');
});

it('runs the shorter of two equals first while they are the smaller part of the run', () => {
  const slow = facts({ distance: 1, expectedMs: 9 });
  const quick = facts({ distance: 1, expectedMs: 1 });
  expect(rank({ slow, quick, x: facts(), y: facts() })).toBe('quick slow x y');
  expect(rank({ slow, quick, x: facts() })).toBe('slow quick x');
});

it('knows a test by the name of what it tests', () => {
  expect(nameAffinity('src/rules/__tests__/no-focus.test.ts', ['src/rules/no-focus.ts'])).toBe(1);
  expect(nameAffinity('e2e/checkout.spec.ts', ['app/checkout/index.tsx'])).toBe(1);
  expect(nameAffinity('e2e/checkout-page.spec.ts', ['app/checkout/total.tsx'])).toBeGreaterThan(0);
  expect(nameAffinity('e2e/search.spec.ts', ['app/checkout/total.tsx'])).toBe(0);
});
