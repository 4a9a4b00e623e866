import type { TestCase } from '@playwright/test/reporter';
import type { AttemptReport, AttemptStatus, WillRunAgain } from '@promise-failure/core';
import { describeFailure } from './detail.ts';
import { identify } from './identity.ts';

/**
 * The latest attempt of `test` as a fact. Judged by the outcome over all attempts and never by the result's own
 * status: `expectedStatus` is overwritten by each attempt, and a serial group retries tests that had passed.
 * `flakyFails`: the run fails if any test is flaky. Source: microsoft/playwright runner/failureTracker.ts.
 */
export function describeAttempt(test: TestCase, flakyFails: boolean): AttemptReport {
  const outcome = test.outcome();
  switch (outcome) {
    case 'unexpected':
      return attempt(test, 'failed', willRunAgain(test));
    case 'flaky':
      if (!flakyFails) return attempt(test, 'passed', willRunAgain(test));
      return attempt(test, 'failed', staysFlaky(test) ? 'no' : willRunAgain(test));
    case 'expected':
      return attempt(test, 'passed', willRunAgain(test));
    case 'skipped':
      return attempt(test, 'skipped', willRunAgain(test));
    default:
      outcome satisfies never;
      return attempt(test, 'unknown', 'unknown');
  }
}

/** The same attempt, now that the run is over and nothing can follow it. */
export function asFinal(test: TestCase): AttemptReport {
  return attempt(test, 'failed', 'no');
}

/**
 * `no` when all attempts are used up: a retry is queued only below `retries` (runner/dispatcher.ts, 1.40 to 1.65).
 * Never `yes`: a missing snapshot is not retried although attempts are left, and nothing tells so.
 */
function willRunAgain(test: TestCase): WillRunAgain {
  return test.results.length > test.retries ? 'no' : 'unknown';
}

/** One attempt passed and another did not: no expected status, however late it is set, makes both expected. */
function staysFlaky(test: TestCase): boolean {
  const statuses = new Set(test.results.map(({ status }) => status));
  return statuses.has('passed') && (statuses.has('failed') || statuses.has('timedOut'));
}

function attempt(test: TestCase, status: AttemptStatus, again: WillRunAgain): AttemptReport {
  const detail = () => describeFailure(test);
  return { id: test.id, test: identify(test), status, willRunAgain: again, detail };
}
