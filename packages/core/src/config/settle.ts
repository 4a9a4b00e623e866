import type { Env } from '../env.ts';
import type { ConfigProblem } from './config.ts';

/** What decides that a test has failed for good: its own last attempt, or the result of its whole file. */
export type Settle = 'attempt' | 'file';

/**
 * The `settle` option, else `PROMISE_FAILURE_SETTLE`, else `'attempt'`, for runners in which the end of a file can
 * take a failure back. Anything else is a problem, and waits for the file.
 */
export function readSettle(
  option: unknown,
  env: Env,
): { readonly settle: Settle; readonly problems: readonly ConfigProblem[] } {
  const value = option ?? (env.PROMISE_FAILURE_SETTLE || 'attempt');
  if (value === 'attempt' || value === 'file') return { settle: value, problems: [] };
  const field = option === undefined ? 'PROMISE_FAILURE_SETTLE' : 'settle';
  const found = JSON.stringify(value) ?? String(value);
  return { settle: 'file', problems: [{ field, found, expected: "'attempt' or 'file'" }] };
}
