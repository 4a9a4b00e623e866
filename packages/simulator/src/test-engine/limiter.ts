/** Requests allowed in a window. */
export interface EngineLimit {
  readonly requests: number;
  readonly windowMs: number;
}

/** Counts requests in fixed windows, with the headers and the refusal that Test Engine has for them. */
export function createLimiter(limit: EngineLimit | undefined) {
  const most = limit?.requests ?? 200;
  const windowMs = limit?.windowMs ?? 60_000;
  let windowStart = -Infinity;
  let used = 0;
  return () => {
    const now = performance.now();
    if (now - windowStart >= windowMs) {
      windowStart = now;
      used = 0;
    }
    used++;
    const reset = Math.ceil((windowStart + windowMs - now) / 1000);
    const headers = {
      'ratelimit-scope': 'rest',
      'ratelimit-limit': String(most),
      'ratelimit-remaining': String(Math.max(0, most - used)),
      'ratelimit-reset': String(reset),
    };
    const body = {
      message: 'You have exceeded your API rate limit.',
      scope: 'rest',
      limit: most,
      current: used,
      reset,
    };
    return { allowed: used <= most, headers, body };
  };
}
