/** Where times come from: `now` is milliseconds since the epoch, fractions included. */
export interface Clock {
  now(): number;
}

/** The machine's clock with sub-millisecond precision, comparable across processes of one machine. */
export const systemClock: Clock = { now: () => performance.timeOrigin + performance.now() };

/** A moment as Buildkite writes it (ISO 8601, UTC, milliseconds), or null for one that has not come. */
export function isoTime(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString();
}
