import type { AnswerHeaders } from '@promise-failure/core/retrying';

/** What is left of the rate limits, shared by everything that uses one token. */
export interface RateBudget {
  /** Takes note of an answer's rate-limit headers. */
  observe(headers: AnswerHeaders): void;
  /**
   * Takes the right to make one request for watching and returns 0, or takes nothing and returns the milliseconds
   * after which to ask again: all who share this budget use no more than its share of each limit.
   */
  take(): number;
}

export interface RateBudgetOptions {
  /** Share of each limit that watching may use, 0 < share <= 1. @default 0.5 */
  readonly share?: number;
  /** Milliseconds of a monotonic clock. @default performance.now */
  readonly now?: () => number;
}

interface Window {
  readonly limit: number;
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

  function observe(headers: AnswerHeaders): void {
    for (const prefix of ['ratelimit', 'ratelimit-user']) {
      const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
        count(headers[`${prefix}-${name}`]),
      );
      if (limit === undefined || remaining === undefined || reset === undefined || limit < 1) continue;
      windows.set(prefix, { limit, remaining, endsAt: now() + reset * 1000 });
    }
  }

  function paceOf({ limit, remaining, endsAt }: Window): number {
    const left = endsAt - now();
    if (left <= 0) return 0;
    const usable = Math.floor(remaining - limit * (1 - share));
    return usable > 0 ? left / usable : left;
  }

  function paceMs(): number {
    if (windows.size === 0) return windowMs / (assumedLimit * share);
    return Math.min(longestPaceMs, Math.ceil(Math.max(...[...windows.values()].map(paceOf))));
  }

  let lastAt = Number.NEGATIVE_INFINITY;
  return {
    observe,
    take() {
      const at = now();
      const left = Math.ceil(lastAt + paceMs() - at);
      if (left > 0) return left;
      lastAt = at;
      return 0;
    },
  };
}

function count(value: string | readonly string[] | undefined): number | undefined {
  const single = typeof value === 'string' ? value : value?.[0];
  return single !== undefined && /^\d{1,9}$/.test(single.trim()) ? Number(single) : undefined;
}
