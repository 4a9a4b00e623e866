/** Exit codes of `promise-failure declare`. */
export const declareExit = {
  /** Buildkite has the promise, from this call or an earlier one; or a dry run has said what it would be. */
  promised: 0,
  /** Nothing was asked: a bad argument, no job, a flag that cannot be understood. */
  trouble: 1,
  /** Buildkite has said no, and would say so again. */
  refused: 3,
  /** No verdict: nobody could be reached, or not before the timeout. To ask again is safe. */
  undelivered: 4,
  /** `PROMISE_FAILURE` is false: nothing was asked. */
  off: 5,
} as const;
