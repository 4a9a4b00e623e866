import type { AnswerHeaders } from '@promise-failure/core/retrying';

/** One of the two limits that count every request: the organization's and the user's, each with a window of its own. */
export interface RateWindow {
  readonly scope: 'ratelimit' | 'ratelimit-user';
  readonly limit: number;
  readonly remaining: number;
  /** Milliseconds until the window is over. */
  readonly resetMs: number;
}

/** Whole seconds may be rounded down, and timers fire some milliseconds early. */
export const resetMarginMs = 250;

/** The limits that an answer tells. Source: buildkite/docs pages/apis/rest_api/rate_limits.md. */
export function readRateWindows(headers: AnswerHeaders): RateWindow[] {
  return (['ratelimit', 'ratelimit-user'] as const).flatMap((scope) => {
    const [limit, remaining, reset] = ['limit', 'remaining', 'reset'].map((name) =>
      count(headers[`${scope}-${name}`]),
    );
    if (limit === undefined || remaining === undefined || reset === undefined || limit < 1) return [];
    return [{ scope, limit, remaining, resetMs: reset * 1000 }];
  });
}

/** Milliseconds until every limit that is used up is renewed; undefined when none is. */
export function usedUpForMs(headers: AnswerHeaders): number | undefined {
  const pauses = readRateWindows(headers).filter(({ remaining }) => remaining === 0);
  if (pauses.length === 0) return undefined;
  return Math.max(...pauses.map(({ resetMs }) => resetMs)) + resetMarginMs;
}

function count(value: string | readonly string[] | undefined): number | undefined {
  const single = typeof value === 'string' ? value : value?.[0];
  return single !== undefined && /^\d{1,9}$/.test(single.trim()) ? Number(single) : undefined;
}
