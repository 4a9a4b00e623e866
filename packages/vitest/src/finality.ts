import type { AttemptReport, AttemptStatus, Settle, WillRunAgain } from '@promise-failure/core';
import type { TestCase, Vitest } from 'vitest/node';

/**
 * `file` where Vitest itself can exit 0 after a failed test: with `dangerouslyIgnoreUnhandledErrors`, before 5.1,
 * a worker that dies leaves its file pending, and a pending file does not fail the run (node/test-run.ts,
 * `hasFailed`, 4.1.12).
 */
export function settleIn({ config, version }: Pick<Vitest, 'config' | 'version'>, asked: Settle): Settle {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const countsPendingFiles = major > 5 || (major === 5 && minor >= 1);
  return config.dangerouslyIgnoreUnhandledErrors && !countsPendingFiles ? 'file' : asked;
}

/**
 * Vitest reports a test once, after its retries, repeats and hooks (runtime/runner/run.ts `runTest`, 3.2 to 5.1):
 * the worker will not run it again. Only the end of the file can still change what is asked to settle there.
 */
export function willRunAgain(settle: Settle, fileEnded: boolean): WillRunAgain {
  return settle === 'file' && !fileEnded ? 'unknown' : 'no';
}

/** Judges by state alone: a flaky test passes with errors, a test that skips itself may have failed before. */
export function statusOf(state: ReturnType<TestCase['result']>['state']): AttemptReport['status'] {
  switch (state) {
    case 'passed':
    case 'failed':
    case 'skipped':
      return state;
    case 'pending':
      return 'unknown';
    default:
      return unknownState(state);
  }
}

function unknownState(_state: never): AttemptStatus {
  return 'unknown';
}
