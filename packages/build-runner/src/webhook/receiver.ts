import { asFields } from '../rest/fields.ts';
import { type BuildEvent, isEventBridge, readEventBridge, readWebhook } from './event.ts';
import { type ReceivedHeaders, readHeader } from './headers.ts';
import { checkSignature, equalsSecret } from './signature.ts';

/** A request as any HTTP server has it. Header names may be in any case; the body is as it came, not decoded. */
export interface ReceivedRequest {
  readonly headers: ReceivedHeaders;
  readonly rawBody: Uint8Array;
}

/**
 * What a request is worth, and the HTTP status to answer with. An authentic request without `event` is one that
 * tells nothing of a build, such as a ping or an event of a kind not known: it is answered with 204 and ignored.
 */
export type ReceiverVerdict =
  | { readonly accepted: true; readonly status: 204; readonly event?: BuildEvent }
  | { readonly accepted: false; readonly status: 400 | 401 | 413; readonly problem: string };

/** Judges one request. Never throws. */
export type Receiver = (request: ReceivedRequest) => ReceiverVerdict;

export interface ReceiverOptions {
  /**
   * The webhook's token: compared itself, or used as the key of the signature. Several while it is being replaced:
   * a request that proves itself with any of them is accepted.
   */
  readonly token: string | readonly string[];
  /**
   * Which of the two the webhook is set to. `signature` alone withstands replays. EventBridge, sent through an
   * API destination, signs nothing: let the destination add the header `X-Buildkite-Token`. @default 'signature'
   */
  readonly authentication?: 'signature' | 'token';
  /** Milliseconds that a signature's time may lie in the past or, for clocks that differ, in the future. @default 300000 */
  readonly toleranceMs?: number;
  /** @default 1048576 */
  readonly maxBodyBytes?: number;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** Largest body of a webhook that is read, unless an option says otherwise. */
export const defaultMaxBodyBytes = 1024 * 1024;

/**
 * Creates a receiver of webhooks and of EventBridge's events, to be mounted in any HTTP server. Throws a TypeError
 * for a token that is missing or empty: such a receiver would refuse everything, or nothing.
 */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { maxBodyBytes = defaultMaxBodyBytes } = options;
  const secrets = readSecrets(options.token);
  return (request) => {
    try {
      if (request.rawBody.byteLength > maxBodyBytes) return refuse(413, 'the body is too large');
      const problem = findForgery(request, secrets, options);
      return problem === undefined ? readBody(request.rawBody) : refuse(401, problem);
    } catch {
      return refuse(400, 'the request cannot be understood');
    }
  };
}

function readSecrets(token: unknown): readonly string[] {
  const secrets: readonly unknown[] = Array.isArray(token) ? token : [token];
  const good = secrets.filter((secret): secret is string => typeof secret === 'string' && secret !== '');
  if (good.length > 0 && good.length === secrets.length) return good;
  throw new TypeError('token must be the token of the webhook, or a list of such, and none may be empty');
}

function findForgery(
  { headers, rawBody }: ReceivedRequest,
  secrets: readonly string[],
  options: ReceiverOptions,
): string | undefined {
  const { authentication = 'signature', toleranceMs = 300_000, now = Date.now } = options;
  const name = authentication === 'signature' ? 'x-buildkite-signature' : 'x-buildkite-token';
  const header = readHeader(headers, name);
  if (header === undefined) return `there is no single ${name}`;
  // Every secret is tried, so that the time it takes tells nothing about which of them held.
  if (authentication === 'token') {
    const held = secrets.filter((secret) => equalsSecret(header, secret));
    return held.length > 0 ? undefined : 'the token is wrong';
  }
  const check = { header, rawBody, now: now(), toleranceMs };
  const problems = secrets.map((secret) => checkSignature({ ...check, secret }));
  if (problems.includes(undefined)) return undefined;
  return `the signature is ${problems.find((problem) => problem !== 'forged') ?? 'forged'}`;
}

function readBody(rawBody: Uint8Array): ReceiverVerdict {
  let body: unknown;
  try {
    body = JSON.parse(Buffer.from(rawBody).toString('utf8'));
  } catch {
    return refuse(400, 'the body is no JSON');
  }
  const event = isEventBridge(asFields(body)) ? readEventBridge(body) : readWebhook(body);
  return { accepted: true, status: 204, ...(event && { event }) };
}

function refuse(status: 400 | 401 | 413, problem: string): ReceiverVerdict {
  return { accepted: false, status, problem };
}
