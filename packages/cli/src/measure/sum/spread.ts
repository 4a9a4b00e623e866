/** Of many durations, in milliseconds: how many, the middle one, the one that 9 of 10 do not exceed, and all together. */
export interface Spread {
  readonly count: number;
  readonly medianMs: number | null;
  readonly p90Ms: number | null;
  readonly totalMs: number;
}

export function spreadOf(durations: readonly number[]): Spread {
  const sorted = [...durations].sort((one, other) => one - other);
  const totalMs = sorted.reduce((sum, ms) => sum + ms, 0);
  return { count: sorted.length, medianMs: quantile(sorted, 0.5), p90Ms: quantile(sorted, 0.9), totalMs };
}

/** Between two values in proportion, as spreadsheets do it. */
function quantile(sorted: readonly number[], share: number): number | null {
  const place = (sorted.length - 1) * share;
  const low = sorted[Math.floor(place)];
  const high = sorted[Math.ceil(place)];
  if (low === undefined || high === undefined) return null;
  return Math.round(low + (high - low) * (place - Math.floor(place)));
}
