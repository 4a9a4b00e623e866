import type { Verdict } from '../vocabulary.ts';

/**
 * What an HTTP status says about repeating the request. 2xx and 3xx say nothing: whether a 2xx is a success is
 * for the caller to see in its body. Source: buildkite/agent api/retryable.go, jobapi/promise_failure.go.
 */
export function classifyStatus(status: number): Verdict {
  if (status === 429 || (status >= 500 && status <= 599)) return 'transient';
  if (status >= 400 && status <= 499) return 'terminal';
  return 'unknown';
}

/**
 * What an error says about repeating the request: `transient` for the network failures listed here, for timeouts
 * and for answers that cannot be decoded; `unknown` for certificate errors and everything not listed.
 */
export function classifyError(error: unknown): Verdict {
  const transient = codesOf(error).some((code) => transientCodes.has(code) || code.startsWith('HPE_'));
  return transient ? 'transient' : 'unknown';
}

const transientCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ECONNABORTED',
  'EPIPE',
  'ETIMEDOUT',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'EHOSTDOWN',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  // The process is out of file descriptors, which tests give back.
  'EMFILE',
  'ENFILE',
  'ERR_STREAM_PREMATURE_CLOSE',
  'ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
  'UND_ERR_BODY_TIMEOUT',
  'UND_ERR_SOCKET',
  'UND_ERR_RES_CONTENT_LENGTH_MISMATCH',
  'ERR_UNDECODABLE_BODY',
  'TimeoutError',
]);

/**
 * The codes and names of an error, of its causes down to the fourth, as one may be its own, and of the errors it
 * gathers (one per address of a host).
 */
function codesOf(error: unknown, depth = 0): readonly string[] {
  if (!(error instanceof Error) || depth > 4) return [];
  const { code, name } = error as NodeJS.ErrnoException;
  const inner: readonly unknown[] = [error.cause, ...(error instanceof AggregateError ? error.errors : [])];
  return [String(code), name, ...inner.flatMap((each) => codesOf(each, depth + 1))];
}
