import { classifyError, classifyStatus, type Verdict } from '@promise-failure/core/retrying';

const brand = Symbol.for('promise-failure.rest-error');

/** An answer of Buildkite other than success, or a success that cannot be understood (`undecodable`). */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly [brand] = true;
  readonly status: number;
  /** Milliseconds that Buildkite asks to wait. */
  readonly retryAfterMs: number | undefined;
  readonly undecodable: boolean;

  constructor(
    message: string,
    facts: { status: number; retryAfterMs?: number | undefined; undecodable?: boolean },
    options?: ErrorOptions,
  ) {
    super(message, options);
    this.status = facts.status;
    this.retryAfterMs = facts.retryAfterMs;
    this.undecodable = facts.undecodable ?? false;
  }
}

/** True for a `RestError`, also one made by another installed copy of this package. */
export function isRestError(error: unknown): error is RestError {
  return error instanceof Error && Reflect.get(error, brand) === true;
}

/** What an error means for its caller. `status` is Buildkite's, where there was an answer. */
export interface ErrorClass {
  readonly verdict: Verdict;
  readonly notFound: boolean;
  readonly status: number | undefined;
  readonly retryAfterMs: number | undefined;
}

/**
 * The one function that says what any error of this package means: `transient` may go away (408, 429, 5xx other
 * than 501 and 505, undecodable answers, listed network failures and timeouts), `terminal` cannot (other 4xx,
 * 501, 505), `unknown` is anything else, an abort by the caller included.
 */
export function classifyBuildError(error: unknown): ErrorClass {
  if (!isRestError(error)) {
    return { verdict: classifyError(error), notFound: false, status: undefined, retryAfterMs: undefined };
  }
  const { status, retryAfterMs } = error;
  return { verdict: verdictOf(error), notFound: status === 404, status, retryAfterMs };
}

function verdictOf({ status, undecodable }: RestError): Verdict {
  if (undecodable || status === 408) return 'transient';
  return status === 501 || status === 505 ? 'terminal' : classifyStatus(status);
}
