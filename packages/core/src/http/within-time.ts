/**
 * Runs `use` with a signal that aborts with `signal`, and after `timeoutMs` with a `TimeoutError`.
 * Not `AbortSignal.any` and `timeout`: Node 20 may collect such signals while they are waited for, and then they
 * never fire.
 */
export async function withinTime<T>(
  signal: AbortSignal,
  timeoutMs: number,
  use: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const controller = new AbortController();
  const forward = () => controller.abort(signal.reason);
  const timer = setTimeout(
    () => controller.abort(new DOMException('no answer in time', 'TimeoutError')),
    timeoutMs,
  );
  signal.addEventListener('abort', forward, { once: true });
  if (signal.aborted) forward();
  try {
    return await use(controller.signal);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', forward);
  }
}
