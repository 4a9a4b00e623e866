/** A limit of requests in a window. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

/** One request counted against a limit. */
export interface Counted {
  readonly allowed: boolean;
  readonly headers: Readonly<Record<string, string>>;
  readonly current: number;
  readonly resetSeconds: number;
}

/**
 * Counts requests in fixed windows and writes the headers of both scopes, as one limit.
 * Source: buildkite/docs pages/apis/rest_api/rate_limits.md.
 */
export function createRateLimiter({ requests, windowMs }: RateLimit, now: () => number): () => Counted {
  let endsAt = 0;
  let current = 0;
  return () => {
    if (now() >= endsAt) [endsAt, current] = [now() + windowMs, 0];
    current++;
    const resetSeconds = Math.ceil((endsAt - now()) / 1000);
    const remaining = Math.max(0, requests - current);
    const headers: Record<string, string> = {};
    for (const [prefix, scope] of [
      ['RateLimit', 'rest'],
      ['RateLimit-User', 'rest_user'],
    ] as const) {
      headers[`${prefix}-Scope`] = scope;
      headers[`${prefix}-Limit`] = String(requests);
      headers[`${prefix}-Remaining`] = String(remaining);
      headers[`${prefix}-Reset`] = String(resetSeconds);
    }
    return { allowed: current <= requests, headers, current, resetSeconds };
  };
}
