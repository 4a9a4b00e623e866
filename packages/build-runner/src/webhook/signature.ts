import { createHash, createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Compares two texts in a time that tells nothing about where they differ, nor how long the secret one is.
 */
export function equalsSecret(given: string, secret: string): boolean {
  return timingSafeEqual(digest(given), digest(secret));
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}

/** Why a signature does not hold. `stale`: sent too long ago, or dated in the future. */
export type SignatureProblem = 'malformed' | 'stale' | 'forged';

export interface SignatureCheck {
  /** The header `X-Buildkite-Signature`: `timestamp=<unix seconds>,signature=<hex>`. */
  readonly header: string;
  readonly rawBody: Uint8Array;
  readonly secret: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  readonly toleranceMs: number;
}

/**
 * Checks an HMAC-SHA256 over `<timestamp>.<raw body>`; undefined when it holds.
 * Source: buildkite/docs pages/apis/webhooks/_verifying_hmac_signatures.md.
 */
export function checkSignature(check: SignatureCheck): SignatureProblem | undefined {
  const parts = new Map(check.header.split(',').map(splitAtEquals));
  const timestamp = parts.get('timestamp') ?? '';
  const signature = parts.get('signature') ?? '';
  if (!/^\d{1,12}$/.test(timestamp) || !/^[0-9a-f]{64}$/i.test(signature)) return 'malformed';
  const expected = createHmac('sha256', check.secret)
    .update(`${timestamp}.`)
    .update(check.rawBody)
    .digest('hex');
  if (!equalsSecret(signature.toLowerCase(), expected)) return 'forged';
  return Math.abs(check.now - Number(timestamp) * 1000) > check.toleranceMs ? 'stale' : undefined;
}

function splitAtEquals(part: string): [string, string] {
  const at = part.indexOf('=');
  return at < 0 ? [part.trim(), ''] : [part.slice(0, at).trim(), part.slice(at + 1).trim()];
}
