/** Headers as undici and node:http give them. */
export type AnswerHeaders = Readonly<Record<string, string | readonly string[] | undefined>>;

/**
 * Milliseconds an answer asks to wait: `Retry-After` (seconds or a date), or else `RateLimit-Reset` (seconds),
 * unless `RateLimit-Remaining` says that there is no need. `undefined` for none or nonsense.
 * `now` is in milliseconds since the epoch.
 */
export function readRetryAfter(headers: AnswerHeaders, now: number): number | undefined {
  const after = single(headers['retry-after']);
  if (after !== undefined) {
    const wait = seconds(after) ?? untilDate(after, now);
    if (wait !== undefined) return wait;
  }
  const reset = single(headers['ratelimit-reset']);
  const needless = Number(single(headers['ratelimit-remaining']) ?? 0) > 0;
  return reset === undefined || needless ? undefined : seconds(reset);
}

function seconds(text: string): number | undefined {
  return /^\d{1,9}(\.\d+)?$/.test(text) ? Number(text) * 1000 : undefined;
}

/** Only dates that name a day: `Date.parse` takes a bare number for a year. */
function untilDate(text: string, now: number): number | undefined {
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(date) ? undefined : Math.max(0, date - now);
}

function single(value: string | readonly string[] | undefined): string | undefined {
  return (typeof value === 'string' ? value : value?.[0])?.trim();
}
