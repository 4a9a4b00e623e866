import { withinTime } from '@promise-failure/core/retrying';

/** What ends a call before it is done. */
export interface CallOptions {
  /** The call rejects with this signal's reason as soon as it is aborted. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds for all of it, repeats and waits included; then it rejects with a `TimeoutError`. @default no limit */
  readonly timeoutMs?: number | undefined;
}

/** Runs `use` with a signal that ends as the options say. */
export function withLimits<T>(
  { signal = new AbortController().signal, timeoutMs }: CallOptions,
  use: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  return timeoutMs === undefined ? use(signal) : withinTime(signal, timeoutMs, use);
}
