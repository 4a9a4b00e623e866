import { expect, it } from 'vitest';
import { Failures } from './failures.ts';

const test = { scope: 'Checkout', name: 'pays', file: '/a.test.js', titlePath: ['Checkout', 'pays'] };

it('tells the tests that are known to be hard from the muted, from those nothing is known of, and from others', () => {
  const failures = new Failures();
  for (const [key, muted] of [
    ['hard', false],
    ['muted', true],
    ['unknown', 'unknown'],
  ] as const) {
    expect(failures.addTest(key, key, test, muted)).toBe(true);
  }
  const { hard, isHard } = failures.own;
  expect(hard).toBe(1);
  expect(['hard', 'muted', 'unknown', 'other'].filter(isHard)).toEqual(['hard']);
});

it.each([false, true, 'unknown'] as const)(
  'forgets a test that passes in the end, muted %s, once',
  (muted) => {
    const failures = new Failures();
    failures.addTest('a', 'a', test, muted);
    expect([failures.remove('a'), failures.remove('a'), failures.remove('b')]).toEqual([
      muted,
      undefined,
      undefined,
    ]);
    expect([failures.count(muted), failures.own.isHard('a')]).toEqual([0, false]);
  },
);

it('counts a test again that fails after it was forgotten, and no test twice', () => {
  const failures = new Failures();
  failures.addTest('a', 'a', test, true);
  failures.remove('a');
  expect([failures.addTest('a', 'a', test, false), failures.addTest('a', 'a', test, false)]).toEqual([
    true,
    false,
  ]);
  expect(failures.own).toMatchObject({ hard: 1 });
  expect(failures.own.isHard('a')).toBe(true);
});
