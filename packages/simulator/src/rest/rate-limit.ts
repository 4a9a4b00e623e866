/** A limit of requests in a window. */
export interface RateLimit {
  readonly requests: number;
  readonly windowMs: number;
}

/** The two limits that hold at once. */
export interface RateLimits {
  readonly organization: RateLimit;
  readonly user: RateLimit;
}

/** One request counted: the headers of its answer, and the body of the 429 if it is one too many. */
export interface Counted {
  readonly headers: Readonly<Record<string, string>>;
  readonly refusal?: Readonly<Record<string, unknown>>;
}

/** What is told where nothing is refused. */
const unlimited: RateLimit = { requests: 100_000, windowMs: 60_000 };

const scopes = [
  ['organization', 'RateLimit', 'rest'],
  ['user', 'RateLimit-User', 'rest_user'],
] as const;

/**
 * Counts requests in fixed windows, for the organization and the user each, with the headers of both.
 * Source: buildkite/docs pages/apis/rest_api/rate_limits.md.
 */
export function createRateLimiter(limits: RateLimits | undefined, now: () => number): () => Counted {
  const windows = scopes.map(([owner, prefix, scope]) => {
    return { limit: limits?.[owner] ?? unlimited, prefix, scope, endsAt: 0, current: 0 };
  });
  return () => {
    const headers: Record<string, string> = {};
    let refusal: Counted['refusal'];
    for (const window of windows) {
      const { limit, prefix, scope } = window;
      if (now() >= window.endsAt) Object.assign(window, { endsAt: now() + limit.windowMs, current: 0 });
      window.current++;
      const reset = Math.ceil((window.endsAt - now()) / 1000);
      headers[`${prefix}-Scope`] = scope;
      headers[`${prefix}-Limit`] = String(limit.requests);
      headers[`${prefix}-Remaining`] = String(Math.max(0, limit.requests - window.current));
      headers[`${prefix}-Reset`] = String(reset);
      if (window.current <= limit.requests) continue;
      const message = `You have exceeded your API rate limit. Please wait ${reset} seconds before making more requests.`;
      headers[`${prefix}-Warning`] = message;
      refusal ??= { message, scope, limit: limit.requests, current: window.current, reset };
    }
    return refusal === undefined ? { headers } : { headers, refusal };
  };
}
