/**
 * Milliseconds of the system's monotonic clock: never jumps, and means the same in every thread and process of
 * this machine, which `Date.now()` and `performance.now()` do not.
 */
export function monotonicMs(): number {
  return Number(process.hrtime.bigint() / 1000n) / 1000;
}
