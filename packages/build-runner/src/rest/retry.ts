import { exponential, type RetryPolicy, type RetrySeams, retry } from '@promise-failure/core/retrying';
import { classifyBuildError } from './error.ts';

/** The default: 5 calls, waiting 1, 2, 4 and 8 s between them, each up to half shorter by chance; a rate limit's own wait wins. */
export const defaultRestPolicy: RetryPolicy = {
  calls: 5,
  delayMs: exponential(1000),
  jitter: 0.5,
  // A rate limit's window of 60 s, and a margin: its end must not be cut off.
  capMs: 65_000,
};

type Outcome<T> = { readonly value: T } | { readonly error: unknown };

/** Repeats a call that may be repeated, while its error is transient; rejects with the last error. */
export type Repeat = <T>(call: () => Promise<T>, signal: AbortSignal) => Promise<T>;

/** Core's retry over errors that `classifyBuildError` knows. */
export function createRepeat(policy: RetryPolicy, seams: RetrySeams): Repeat {
  return async (call, signal) => {
    const outcome = await retry(() => attempt(call), policy, signal, seams);
    if ('error' in outcome) throw outcome.error;
    return outcome.value;
  };
}

async function attempt<T>(call: () => Promise<T>) {
  try {
    return { value: { value: await call() } as Outcome<T>, verdict: 'success' as const };
  } catch (error) {
    const { verdict, retryAfterMs } = classifyBuildError(error);
    return { value: { error } as Outcome<T>, verdict, retryAfterMs };
  }
}
