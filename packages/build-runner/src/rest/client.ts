import { type AnswerHeaders, readRetryAfter } from '@promise-failure/core/retrying';
import { type Dispatcher, EnvHttpProxyAgent, request } from 'undici';
import { RestError } from './error.ts';
import { asFields, text } from './fields.ts';
import type { RateBudget } from './rate-budget.ts';
import { usedUpForMs } from './rate-limits.ts';

/** How to reach Buildkite's REST API. */
export interface RestOptions {
  /** An API access token with `read_builds`, and `write_builds` to trigger and cancel. */
  readonly token: string;
  /** @default https://api.buildkite.com/v2 */
  readonly baseUrl?: string | undefined;
  /** Carries the requests. @default the proxies of the environment, or none */
  readonly dispatcher?: Dispatcher | undefined;
  /** Milliseconds to wait for an answer's headers, and between two parts of its body. @default 30000 */
  readonly timeoutMs?: number | undefined;
  /** Is told of every answer's rate limits. */
  readonly budget?: RateBudget | undefined;
}

interface RestRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  /** Path under the base URL, with its query. */
  readonly path: string;
  readonly body?: object;
}

interface RestAnswer {
  readonly headers: AnswerHeaders;
  readonly body: unknown;
}

/** Makes one request: no retry, no meaning. Rejects with a `RestError`, or with the transport's own error. */
export type RestClient = (rest: RestRequest, signal: AbortSignal) => Promise<RestAnswer>;

const maxAnswerBytes = 32 * 1024 * 1024;
const quotedBytes = 512;

/**
 * A client of Buildkite's REST API. Redirects are not followed: they would carry the token away. Throws a
 * TypeError for a token or a base URL with which no request could ever succeed.
 */
export function createRestClient(options: RestOptions): RestClient {
  const { baseUrl = 'https://api.buildkite.com/v2', timeoutMs = 30_000, token, budget } = options;
  assertToken(token);
  assertBaseUrl(baseUrl);
  const root = baseUrl.replace(/\/+$/, '');
  const dispatcher = options.dispatcher ?? new EnvHttpProxyAgent();
  return async ({ method, path, body }, signal) => {
    const answer = await request(root + path, {
      ...{ method, dispatcher, signal, headersTimeout: timeoutMs, bodyTimeout: timeoutMs },
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'user-agent': 'promise-failure-build-runner',
        ...(body && { 'content-type': 'application/json' }),
      },
      ...(body && { body: JSON.stringify(body) }),
    });
    budget?.observe(answer.headers);
    const { statusCode: status, headers } = answer;
    const raw = await readText(answer.body);
    const what = `${method} ${path}: ${status}`;
    if (status < 200 || status > 299) {
      const retryAfterMs =
        status === 429 ? (usedUpForMs(headers) ?? readRetryAfter(headers, Date.now()) ?? 10_000) : undefined;
      throw new RestError(`${what}${detailOf(raw)}`, { status, retryAfterMs });
    }
    return { headers, body: decode(raw, what, status) };
  };
}

/** Callers in JavaScript pass an unset variable on, which would be sent as `Bearer undefined`. */
function assertToken(token: unknown): void {
  if (typeof token === 'string' && /^[\x21-\x7e]+$/.test(token)) return;
  const found = typeof token === 'string' ? (token === '' ? 'empty' : 'not printable') : typeof token;
  throw new TypeError(`token must be an API access token of Buildkite, but is ${found}`);
}

function assertBaseUrl(baseUrl: string): void {
  if (URL.canParse(baseUrl) && /^https?:$/.test(new URL(baseUrl).protocol)) return;
  const shown = JSON.stringify(String(baseUrl).slice(0, 200));
  throw new TypeError(`baseUrl must be an http(s) URL such as https://api.buildkite.com/v2, not ${shown}`);
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of body) {
    size += chunk.byteLength;
    if (size > maxAnswerBytes) throw new RangeError(`the answer is longer than ${maxAnswerBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function decode(raw: string, what: string, status: number): unknown {
  try {
    return JSON.parse(raw);
  } catch (cause) {
    throw new RestError(`${what}, but its body is no JSON`, { status, undecodable: true }, { cause });
  }
}

function detailOf(raw: string): string {
  let detail: string | undefined = raw.slice(0, quotedBytes);
  try {
    detail = text(asFields(JSON.parse(raw))?.message)?.slice(0, quotedBytes);
  } catch {
    // A proxy's own page: quoted as it is.
  }
  return detail ? `: ${detail}` : '';
}
