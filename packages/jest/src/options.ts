import type { PromiseFailureOptions, Settle } from '@promise-failure/core';

/** Options of the reporter, as in `reporters: ['default', ['@promise-failure/jest', { threshold: 3 }]]`. */
export type JestReporterOptions = PromiseFailureOptions & {
  /**
   * What decides that a test has failed for good: its last attempt, or the result of its whole file, which a
   * crashing worker cannot take back. @default 'attempt' (`PROMISE_FAILURE_SETTLE`)
   */
  readonly settle?: Settle;
};
