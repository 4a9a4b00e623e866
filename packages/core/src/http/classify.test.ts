import { describe, expect, it } from 'vitest';
import { classifyError, classifyStatus } from './classify.ts';
import { undecodable } from './read-body.ts';

describe('a status', () => {
  it.each([
    [0, 'unknown'],
    [204, 'unknown'],
    [302, 'unknown'],
    [400, 'terminal'],
    [401, 'terminal'],
    [403, 'terminal'],
    [404, 'terminal'],
    [408, 'terminal'],
    [409, 'terminal'],
    [422, 'terminal'],
    [429, 'transient'],
    [499, 'terminal'],
    [500, 'transient'],
    [501, 'transient'],
    [503, 'transient'],
    [599, 'transient'],
    [600, 'unknown'],
  ] as const)('%i is %s', (status, verdict) => {
    expect(classifyStatus(status)).toBe(verdict);
  });
});

function withCode(code: string, options?: ErrorOptions): Error {
  return Object.assign(new Error(code, options), { code });
}

describe('an error', () => {
  it.each([
    ['ECONNREFUSED', 'transient'],
    ['ECONNRESET', 'transient'],
    ['ECONNABORTED', 'transient'],
    ['ETIMEDOUT', 'transient'],
    ['ENOTFOUND', 'transient'],
    ['EAI_AGAIN', 'transient'],
    ['EHOSTUNREACH', 'transient'],
    ['EHOSTDOWN', 'transient'],
    ['ENETUNREACH', 'transient'],
    ['ENETDOWN', 'transient'],
    ['EADDRNOTAVAIL', 'transient'],
    ['EPIPE', 'transient'],
    ['EMFILE', 'transient'],
    ['ENFILE', 'transient'],
    ['ERR_STREAM_PREMATURE_CLOSE', 'transient'],
    ['ERR_SSL_SSLV3_ALERT_HANDSHAKE_FAILURE', 'transient'],
    ['UND_ERR_SOCKET', 'transient'],
    ['UND_ERR_RES_CONTENT_LENGTH_MISMATCH', 'transient'],
    ['UND_ERR_CONNECT_TIMEOUT', 'transient'],
    ['UND_ERR_HEADERS_TIMEOUT', 'transient'],
    ['UND_ERR_BODY_TIMEOUT', 'transient'],
    ['HPE_INVALID_CONSTANT', 'transient'],
    ['CERT_HAS_EXPIRED', 'unknown'],
    ['SELF_SIGNED_CERT_IN_CHAIN', 'unknown'],
    ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'unknown'],
    ['ERR_TLS_CERT_ALTNAME_INVALID', 'unknown'],
    ['EACCES', 'unknown'],
    ['UND_ERR_ABORTED', 'unknown'],
  ] as const)('with the code %s is %s', (code, verdict) => {
    expect(classifyError(withCode(code))).toBe(verdict);
  });

  it.each([
    ['a body that cannot be decoded', undecodable('not JSON'), 'transient'],
    ['a time limit', new DOMException('late', 'TimeoutError'), 'transient'],
    ['an abort', new DOMException('enough', 'AbortError'), 'unknown'],
    [
      'a network failure as the cause',
      new TypeError('fetch failed', { cause: withCode('ECONNRESET') }),
      'transient',
    ],
    ['one failure for each address', new AggregateError([withCode('ECONNREFUSED')]), 'transient'],
    ['a mistake in the program', new TypeError('x is not a function'), 'unknown'],
    ['something that is no error', 'ECONNRESET', 'unknown'],
    ['nothing', undefined, 'unknown'],
  ] as const)('for %s', (_, error, verdict) => {
    expect(classifyError(error)).toBe(verdict);
  });

  it.each([
    [1, 'transient'],
    [4, 'transient'],
    [5, 'unknown'],
  ] as const)('with a network failure %i causes below is %s', (depth, verdict) => {
    let error = withCode('ECONNRESET');
    for (let n = 0; n < depth; n++) error = new Error('failed', { cause: error });
    expect(classifyError(error)).toBe(verdict);
  });

  it('that is its own cause is looked at, and not for ever', () => {
    const error = withCode('WEIRD');
    error.cause = error;
    expect(classifyError(error)).toBe('unknown');
  });
});
