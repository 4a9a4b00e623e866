import type { TestCase, TestResult } from '@playwright/test/reporter';
import { describe, expect, it } from 'vitest';
import { asFinal, describeAttempt } from './attempt.ts';

type Outcome = ReturnType<TestCase['outcome']>;

function testWith(outcome: Outcome, retries: number, ...statuses: TestResult['status'][]): TestCase {
  return {
    id: 'id-1',
    title: 'pays',
    retries,
    results: statuses.map((status) => ({ status, error: { message: `it ${status}` } })),
    parent: { type: 'file', project: () => undefined, allTests: () => [] },
    outcome: () => outcome,
    titlePath: () => ['', 'chrome', 'shop.spec.ts', 'Checkout', 'pays'],
    location: { file: '/repo/shop.spec.ts', line: 3, column: 1 },
  } as unknown as TestCase;
}

describe('an attempt as a fact', () => {
  it.each([
    ['fails with a retry left', testWith('unexpected', 1, 'failed'), 'failed', 'unknown'],
    ['fails in its last attempt', testWith('unexpected', 1, 'failed', 'failed'), 'failed', 'no'],
    ['has no retries and fails', testWith('unexpected', 0, 'failed'), 'failed', 'no'],
    [
      'failed, and its last attempt is skipped',
      testWith('unexpected', 1, 'failed', 'skipped'),
      'failed',
      'no',
    ],
    ['passes although it should fail', testWith('unexpected', 0, 'passed'), 'failed', 'no'],
    ['fails as expected', testWith('expected', 0, 'failed'), 'passed', 'no'],
    ['is flaky', testWith('flaky', 1, 'failed', 'passed'), 'passed', 'no'],
    ['fails after it had passed in its block', testWith('flaky', 1, 'passed', 'failed'), 'passed', 'no'],
    ['is skipped', testWith('skipped', 0, 'skipped'), 'skipped', 'no'],
  ] as const)('says so when a test %s', (_what, test, status, willRunAgain) => {
    expect(describeAttempt(test, false)).toMatchObject({ id: 'id-1', status, willRunAgain });
  });

  it.each([
    ['has failed and passed', testWith('flaky', 3, 'failed', 'passed'), 'failed', 'no'],
    ['has timed out and passed', testWith('flaky', 3, 'timedOut', 'passed'), 'failed', 'no'],
    ['skipped its retry and may run again', testWith('flaky', 2, 'failed', 'skipped'), 'failed', 'unknown'],
    ['skipped its last retry', testWith('flaky', 1, 'failed', 'skipped'), 'failed', 'no'],
    ['passed and was interrupted', testWith('flaky', 2, 'passed', 'interrupted'), 'failed', 'unknown'],
    ['fails with a retry left', testWith('unexpected', 1, 'failed'), 'failed', 'unknown'],
    ['fails as expected', testWith('expected', 0, 'failed'), 'passed', 'no'],
  ] as const)(
    'judges flaky tests as failures where they fail the run: one that %s',
    (_what, test, status, again) => {
      expect(describeAttempt(test, true)).toMatchObject({ status, willRunAgain: again });
    },
  );

  it('never calls an outcome that it does not know a failure', () => {
    const test = testWith('quantum' as Outcome, 0, 'failed');
    expect(describeAttempt(test, true)).toMatchObject({ status: 'unknown', willRunAgain: 'unknown' });
  });

  it('is final once the run is over, whatever retries were left', () => {
    expect(asFinal(testWith('unexpected', 2, 'failed'))).toMatchObject({
      status: 'failed',
      willRunAgain: 'no',
    });
  });

  it('has what went wrong, for whoever asks', () => {
    const { detail } = describeAttempt(testWith('unexpected', 0, 'failed'), false);
    expect(detail?.()).toMatchObject({ message: 'it failed' });
  });

  it('names the test as the test collector does', () => {
    expect(describeAttempt(testWith('unexpected', 0, 'failed'), false).test).toEqual({
      scope: ' chrome shop.spec.ts Checkout pays',
      name: 'pays',
      file: '/repo/shop.spec.ts',
      titlePath: ['Checkout', 'pays'],
    });
  });
});
