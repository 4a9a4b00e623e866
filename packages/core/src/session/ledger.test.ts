import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AttemptReport, AttemptStatus, WillRunAgain } from '../vocabulary.ts';
import { Ledger } from './ledger.ts';

const test = {
  scope: 'Checkout',
  name: 'pays by card',
  file: '/a.test.ts',
  titlePath: ['Checkout', 'pays by card'],
};
const attempt = (status: AttemptStatus, willRunAgain: WillRunAgain = 'no', id = 'a'): AttemptReport => ({
  ...{ id, test, status, willRunAgain },
});

/** What the attempts of one test have come to: since its last pass it has failed for good, or failed, or not. */
function stateOf(attempts: readonly Pick<AttemptReport, 'status' | 'willRunAgain'>[]) {
  const failures = attempts.filter(({ status }) => status === 'failed');
  const lastPass = attempts.findLastIndex(({ status }) => status === 'passed');
  const since = failures.filter((failure) => attempts.indexOf(failure) > lastPass);
  if (since.some(({ willRunAgain }) => willRunAgain === 'no')) return 'failed';
  if (since.length > 0) return 'pending';
  return failures.length > 0 ? 'flaky' : undefined;
}

describe('Ledger', () => {
  it('keeps no trace of tests that pass', () => {
    const ledger = new Ledger();
    for (let n = 0; n < 100; n++) ledger.record(attempt('passed', 'no', `t${n}`));
    expect(ledger.failed).toBe(0);
    expect(ledger.flaky).toBe(0);
  });

  it('tells a failure after which the test will not run again, once', () => {
    const ledger = new Ledger();
    expect(ledger.record(attempt('failed'))).toMatchObject({ type: 'failed', id: 'a' });
    expect(ledger.record(attempt('failed'))).toBeUndefined();
  });

  it.each<WillRunAgain>(['yes', 'unknown'])(
    'waits while the answer to "will it run again" is %s',
    (again) => {
      const ledger = new Ledger();
      expect(ledger.record(attempt('failed', again))).toBeUndefined();
      expect(ledger.record(attempt('failed', 'no'))?.type).toBe('failed');
    },
  );

  it('calls a test flaky that failed and passed later', () => {
    const ledger = new Ledger();
    ledger.record(attempt('failed', 'yes'));
    expect(ledger.record(attempt('passed'))).toBeUndefined();
    expect(ledger.flaky).toBe(1);
    expect(ledger.failed).toBe(0);
  });

  it('tells when a pass contradicts what was final', () => {
    const ledger = new Ledger();
    ledger.record(attempt('failed', 'no'));
    expect(ledger.record(attempt('passed'))?.type).toBe('contradicted');
    expect(ledger.record(attempt('failed', 'no'))?.type).toBe('failed');
  });

  it.each<AttemptStatus>(['skipped', 'unknown'])(
    'lets a %s attempt neither fail nor clear a test',
    (status) => {
      const ledger = new Ledger();
      expect(ledger.record(attempt(status))).toBeUndefined();
      expect(ledger.failed).toBe(0);
      ledger.record(attempt('failed', 'yes'));
      expect(ledger.record(attempt(status))).toBeUndefined();
      expect(ledger.failed).toBe(0);
      ledger.record(attempt('failed', 'no'));
      expect(ledger.record(attempt(status))).toBeUndefined();
      expect(ledger.failed).toBe(1);
    },
  );

  const attempts = fc.array(
    fc.record({
      id: fc.constantFrom('a', 'b', 'c'),
      status: fc.constantFrom<AttemptStatus>('passed', 'failed', 'skipped', 'unknown'),
      willRunAgain: fc.constantFrom<WillRunAgain>('yes', 'no', 'unknown'),
    }),
  );

  it('counts each test that has failed once, by what its attempts have come to', () => {
    fc.assert(
      fc.property(attempts, (list) => {
        const ledger = new Ledger();
        for (const one of list) ledger.record({ ...one, test });
        const states = ['a', 'b', 'c'].map((id) => stateOf(list.filter((one) => one.id === id)));
        for (const state of ['failed', 'flaky', 'pending'] as const) {
          expect(ledger[state]).toBe(states.filter((each) => each === state).length);
        }
      }),
      { numRuns: 500 },
    );
  });

  it('never calls a test failed unless its last conclusive attempt failed for good', () => {
    fc.assert(
      fc.property(attempts, (list) => {
        const ledger = new Ledger();
        const failed = new Set<string>();
        for (const one of list) {
          const change = ledger.record({ ...one, test });
          if (change?.type === 'failed') failed.add(change.id);
          if (change?.type === 'contradicted') failed.delete(change.id);
        }
        for (const id of failed) {
          const mine = list.filter((one) => one.id === id);
          const lastPass = mine.findLastIndex((one) => one.status === 'passed');
          const lastFinal = mine.findLastIndex((one) => one.status === 'failed' && one.willRunAgain === 'no');
          expect(lastFinal).toBeGreaterThan(lastPass);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
