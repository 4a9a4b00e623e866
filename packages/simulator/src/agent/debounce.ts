/** What declaring upstream came to. `status` is that of the last response, 0 when there was none. */
export interface UpstreamResult {
  readonly status: number;
  /** Text of the failure; absent when accepted. */
  readonly error?: string;
}

/** A verdict as the Job API gives it, in its own field names. */
interface PromiseFailureResponse {
  readonly outcome: 'declared' | 'debounced';
  readonly accepted: boolean;
  readonly upstream_status?: number;
  readonly error?: string;
}

/** Declares upstream; a rejection counts as the panic of a Go declarer. */
export type Declare = (exitStatus: number, reason: string) => Promise<UpstreamResult>;

/** One verdict per exit status: concurrent callers share it, the first caller's reason wins. */
export type Debounced = (exitStatus: number, reason: string) => Promise<PromiseFailureResponse>;

type Verdict = Omit<PromiseFailureResponse, 'outcome'>;

/**
 * The agent's rule: success and terminal rejections (4xx other than 429) are kept for good, anything else is
 * dropped so that the next call tries afresh; a panic frees all waiters. Source: buildkite/agent
 * jobapi/promise_failure.go.
 */
export function createDebouncer(declare: Declare): Debounced {
  const entries = new Map<number, Promise<Verdict>>();

  async function declareOnce(exitStatus: number, reason: string): Promise<Verdict> {
    try {
      const { status, error } = await declare(exitStatus, reason);
      const accepted = error === undefined;
      const terminal = status >= 400 && status <= 499 && status !== 429;
      if (!accepted && !terminal) entries.delete(exitStatus);
      return { accepted, ...(status !== 0 && { upstream_status: status }), ...(error && { error }) };
    } catch (panic) {
      entries.delete(exitStatus);
      const text = panic instanceof Error ? panic.message : String(panic);
      const error = `declaring promised failure panicked: ${text}`;
      return { accepted: false, upstream_status: 500, error };
    }
  }

  return async (exitStatus, reason) => {
    const shared = entries.get(exitStatus);
    if (shared !== undefined) return { outcome: 'debounced', ...(await shared) };
    // In a later tick: a declarer that fails at once must find its entry set before it drops it.
    const own = Promise.resolve().then(() => declareOnce(exitStatus, reason));
    entries.set(exitStatus, own);
    return { outcome: 'declared', ...(await own) };
  };
}
