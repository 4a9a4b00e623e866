import type { BuildReport } from '../build/build.ts';
import type { CallOptions } from '../build/call-options.ts';
import type { ReportListener } from './watched-build.ts';

type Watch = (listener: ReportListener, options: CallOptions) => Promise<BuildReport>;

const left = new Error('the loop was left');

/** A watch as a loop over its latest reports. It begins with the loop, and ends with it. */
export async function* changesOf(
  watch: Watch,
  { signal, timeoutMs }: CallOptions,
): AsyncGenerator<BuildReport, void, void> {
  signal?.throwIfAborted();
  const leaving = new AbortController();
  const forward = () => leaving.abort(signal?.reason);
  signal?.addEventListener('abort', forward, { once: true });
  let latest: BuildReport | undefined;
  let wake = () => {};
  const listener = (report: BuildReport) => {
    latest = report;
    wake();
  };
  let ended: { readonly error?: unknown } | undefined;
  const end = (how: { readonly error?: unknown }) => {
    ended = how;
    wake();
  };
  watch(listener, { signal: leaving.signal, timeoutMs }).then(
    () => end({}),
    (error: unknown) => end({ error }),
  );
  try {
    while (latest !== undefined || ended === undefined) {
      if (latest === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      const report = latest;
      latest = undefined;
      yield report;
    }
    if ('error' in ended) throw ended.error;
  } finally {
    signal?.removeEventListener('abort', forward);
    leaving.abort(left);
  }
}
