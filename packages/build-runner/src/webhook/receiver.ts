import { asFields } from '../rest/fields.ts';
import { type BuildEvent, isEventBridge, readEventBridge, readWebhook } from './event.ts';
import { checkSignature, equalsSecret } from './signature.ts';

/** A request as any HTTP server has it. Header names are in lower case; the body is as it came, not decoded. */
export interface ReceivedRequest {
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
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
  /** The webhook's token: compared itself, or used as the key of the signature. */
  readonly token: string;
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

/** Creates a receiver of webhooks and of EventBridge's events, to be mounted in any HTTP server. */
export function createReceiver(options: ReceiverOptions): Receiver {
  const { maxBodyBytes = defaultMaxBodyBytes } = options;
  if (options.token === '') throw new TypeError('the token of the webhook is empty');
  return (request) => {
    if (request.rawBody.byteLength > maxBodyBytes) return refuse(413, 'the body is too large');
    const problem = findForgery(request, options);
    if (problem !== undefined) return refuse(401, problem);
    return readBody(request.rawBody);
  };
}

function findForgery({ headers, rawBody }: ReceivedRequest, options: ReceiverOptions): string | undefined {
  const { token, authentication = 'signature', toleranceMs = 300_000, now = Date.now } = options;
  const name = authentication === 'signature' ? 'x-buildkite-signature' : 'x-buildkite-token';
  const header = headers[name];
  if (typeof header !== 'string') return `there is no single ${name}`;
  if (authentication === 'token') return equalsSecret(header, token) ? undefined : 'the token is wrong';
  const problem = checkSignature({ header, rawBody, secret: token, now: now(), toleranceMs });
  return problem && `the signature is ${problem}`;
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
