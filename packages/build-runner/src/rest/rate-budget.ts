import type { AnswerHeaders } from '@promise-failure/core/retrying';
import { readRateWindows, resetMarginMs } from './rate-limits.ts';

/** What is left of the rate limits, shared by everything that uses one token. */
export interface RateBudget {
  /** Takes note of an answer's rate-limit headers. */
  observe(headers: AnswerHeaders): void;
  /**
   * Takes the right to make one request for watching and returns 0, or takes nothing and returns the milliseconds
   * after which to ask again: all who share this budget use no more than its share of each limit. `soon` does not
   * wait for its turn, for as long as there is anything left of the share.
   */
  take(soon?: boolean): number;
}

export interface RateBudgetOptions {
  /** Share of each limit that watching may use, 0 < share <= 1. @default 0.5 */
  readonly share?: number;
  /** Milliseconds of a monotonic clock. @default performance.now */
  readonly now?: () => number;
}

interface Window {
  /** What others shall find left at the window's end. */
  readonly reserve: number;
  readonly remaining: number;
  readonly endsAt: number;
}

const windowMs = 60_000;
/** The limit of a user where no answer has told another. Source: buildkite/docs pages/apis/rest_api/rate_limits.md. */
const assumedLimit = 50;
const longestPaceMs = 60_000;

/**
 * A budget that learns from every answer's `RateLimit-*` (organization) and `RateLimit-User-*` headers. Others
 * that use the same limits make `remaining` smaller, and so the pace slower.
 */
export function createRateBudget(options: RateBudgetOptions = {}): RateBudget {
  const { share = 0.5, now = () => performance.now() } = options;
  if (!(share > 0 && share <= 1)) throw new RangeError(`share must be above 0 and at most 1, not ${share}`);
  const windows = new Map<string, Window>();
  let lastAt = Number.NEGATIVE_INFINITY;

  /** When the next request may be made, as one window would have it. */
  function nextAt({ remaining, reserve, endsAt }: Window, at: number, soon: boolean): number {
    const usable = Math.floor(remaining - reserve);
    if (usable < 1) return endsAt + resetMarginMs;
    return soon ? at : lastAt + Math.min(longestPaceMs, (endsAt - at) / usable);
  }

  function nextTurn(at: number, soon: boolean): number {
    if (windows.size === 0) return soon ? at : lastAt + windowMs / (assumedLimit * share);
    const open = [...windows.values()].filter(({ endsAt }) => endsAt + resetMarginMs > at);
    return Math.max(at, ...open.map((window) => nextAt(window, at, soon)));
  }

  return {
    observe(headers) {
      for (const { scope, limit, remaining, resetMs } of readRateWindows(headers)) {
        windows.set(scope, { remaining, reserve: limit * (1 - share), endsAt: now() + resetMs });
      }
    },
    take(soon = false) {
      const at = now();
      const left = Math.ceil(nextTurn(at, soon) - at);
      if (left > 0) return left;
      lastAt = at;
      return 0;
    },
  };
}
