import pRetry from 'p-retry';
import { type Sleep, sleep as sleepReally } from '../sleep.ts';
import type { Verdict } from '../vocabulary.ts';
import { withinTime } from './within-time.ts';

/** How often and when to call again: a value, so that callers and tests bring their own. */
export interface RetryPolicy {
  /** Calls in all, the first one included; at least 1. */
  readonly calls: number;
  /** Milliseconds to wait before the next call, after `made` calls (at least 1), before jitter and cap. */
  readonly delayMs: (made: number) => number;
  /** Share of a delay left to chance, 0..1: the wait lies in `[delay * (1 - jitter), delay]`. */
  readonly jitter: number;
  /** Longest wait in milliseconds, also where the server asks for a longer one. */
  readonly capMs: number;
}

/** Waits `firstMs`, then twice as long each time. */
export function exponential(firstMs: number): RetryPolicy['delayMs'] {
  return (made) => firstMs * 2 ** (made - 1);
}

/**
 * The default, for a promise, which is worth most early: 10 calls within about three minutes. Waits without
 * jitter: 0.5, 1, 2, 4, 8, 16, 32, 60, 60 s, together 183.5 s; with it each is between half of that and all.
 */
export const defaultRetryPolicy: RetryPolicy = {
  calls: 10,
  delayMs: exponential(500),
  jitter: 0.5,
  capMs: 60_000,
};

/** One call among others: its number, from 1, and what ends it. */
export interface Call {
  readonly number: number;
  readonly signal: AbortSignal;
}

/** What a call came to. Only a transient outcome is tried again. */
export interface Attempt<T> {
  readonly value: T;
  readonly verdict: Verdict | 'success';
  /** Milliseconds the server asks to wait; wins over the policy's formula. */
  readonly retryAfterMs?: number | undefined;
}

export interface RetrySeams {
  /** Milliseconds after which a call's own signal is aborted with a `TimeoutError`. @default no limit */
  readonly timeoutMs?: number | undefined;
  readonly sleep?: Sleep | undefined;
  readonly random?: (() => number) | undefined;
  /** Told before each wait: calls made, milliseconds to wait, and the value of the last call. */
  readonly onWait?: ((made: number, ms: number, value: unknown) => void) | undefined;
}

/**
 * Calls until the outcome is not transient or the policy's calls are used up; resolves with the last value.
 * Rejects with what `call` throws, never repeating that, and with the signal's reason as soon as it is aborted,
 * also in the middle of a wait.
 */
export async function retry<T>(
  call: (own: Call) => Promise<Attempt<T>>,
  policy: RetryPolicy,
  signal: AbortSignal,
  seams: RetrySeams = {},
): Promise<T> {
  const { timeoutMs, sleep = sleepReally, random = Math.random } = seams;
  let last: Attempt<T> | undefined;
  const once = async (number: number): Promise<T> => {
    last = undefined;
    const own = (limit: AbortSignal) => call({ number, signal: limit });
    const attempt = await (timeoutMs === undefined ? own(signal) : withinTime(signal, timeoutMs, own));
    if (attempt.verdict !== 'transient') return attempt.value;
    last = attempt;
    throw new Error('transient');
  };
  try {
    return await pRetry(once, {
      retries: policy.calls - 1,
      minTimeout: 0,
      signal,
      shouldRetry: () => last !== undefined,
      onFailedAttempt: async ({ attemptNumber, retriesLeft }) => {
        if (last === undefined || retriesLeft === 0) return;
        const ms = waitMs(policy, attemptNumber, last.retryAfterMs, random);
        seams.onWait?.(attemptNumber, ms, last.value);
        await sleep(ms, signal);
      },
    });
  } catch (error) {
    signal.throwIfAborted();
    if (last !== undefined) return last.value;
    throw error;
  }
}

/** The wait after `made` calls. The server's wish is never undercut, save by the cap: chance is added to it. */
export function waitMs(
  policy: RetryPolicy,
  made: number,
  retryAfterMs: number | undefined,
  random: () => number,
): number {
  const delay = Math.min(policy.delayMs(made), policy.capMs);
  const chance = delay * policy.jitter * random();
  if (retryAfterMs === undefined) return Math.round(delay - chance);
  return Math.round(Math.min(retryAfterMs + chance, policy.capMs));
}
