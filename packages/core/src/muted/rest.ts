import { setTimeout as sleepMs } from 'node:timers/promises';
import type { Dispatcher } from 'undici';
import type { Env } from '../env.ts';
import { classifyError, classifyStatus } from '../http/classify.ts';
import { openDispatcher } from '../http/open-dispatcher.ts';
import { type Attempt, type RetryPolicy, retry } from '../http/retry.ts';
import { readRetryAfter } from '../http/retry-after.ts';
import { withinTime } from '../http/within-time.ts';
import { wordOf } from '../http/word-of.ts';
import { loadUndici } from '../packages.ts';

/** A JSON answer of the REST API. */
export interface Page {
  readonly body: unknown;
  /** URL of the next page, if there is one. */
  readonly next: string | undefined;
  /** Milliseconds to wait before the next request, where this one was the last that the rate limit allows. */
  readonly pauseMs: number;
}

export interface RestOptions {
  /** URL of the API; its proxy is taken from `env`. */
  readonly baseUrl: string;
  readonly env: Env;
  readonly token: string;
  readonly signal: AbortSignal;
  /** Milliseconds one try may take. @default 15000 */
  readonly tryTimeoutMs?: number;
  /** @default listRetries */
  readonly policy?: RetryPolicy;
}

/** Without jitter: 1, 2, 4, 8, 16 s. */
export const listRetries: RetryPolicy = {
  calls: 6,
  delayMs: (made) => 1000 * 2 ** (made - 1),
  jitter: 0.5,
  capMs: 60_000,
};

/** An answer that is no success; `status` is missing where there was none. */
export class RestError extends Error {
  override readonly name = 'RestError';
  readonly status: number | undefined;

  constructor(message: string, status?: number, options?: ErrorOptions) {
    super(message, options);
    this.status = status;
  }
}

/** Whole seconds may be rounded down, and timers fire some milliseconds early. */
const marginMs = 250;

type Headers = Dispatcher.ResponseData['headers'];

const mostBytes = 16 * 1024 * 1024;

/** Runs `use` with a way to get pages; connections are closed at the end, so that nothing stays open. */
export async function withRest<T>(
  options: RestOptions,
  use: (get: (url: string) => Promise<Page>) => Promise<T>,
): Promise<T> {
  const { baseUrl, env, signal, policy = listRetries } = options;
  if (!URL.canParse(baseUrl)) throw new RestError('the base URL is not a URL');
  const dispatcher = await openDispatcher(env, new URL(baseUrl), { maxResponseSize: mostBytes });
  let pauseMs = 0;
  const get = async (url: string): Promise<Page> => {
    if (pauseMs > 0) await sleepMs(Math.min(pauseMs, policy.capMs), undefined, { signal });
    const outcome = await retry(() => getPage(dispatcher, url, options), policy, signal);
    if (outcome instanceof RestError) throw outcome;
    pauseMs = outcome.pauseMs;
    return outcome;
  };
  try {
    return await use(get);
  } finally {
    await dispatcher.destroy();
  }
}

async function getPage(
  dispatcher: Dispatcher,
  url: string,
  { token, signal, tryTimeoutMs = 15_000 }: RestOptions,
): Promise<Attempt<Page | RestError>> {
  const { request } = await loadUndici();
  const headers = {
    authorization: `Bearer ${token}`,
    accept: 'application/json',
    'user-agent': 'promise-failure',
  };
  try {
    return await withinTime(signal, tryTimeoutMs, async (limit) => {
      const answer = await request(url, { dispatcher, headers, signal: limit });
      return interpret(url, answer.statusCode, answer.headers, await answer.body.text());
    });
  } catch (error) {
    signal.throwIfAborted();
    const timedOut = error instanceof Error && error.name === 'TimeoutError';
    const verdict = timedOut ? 'transient' : classifyError(error);
    const why = timedOut ? 'no answer in time' : `no answer (${wordOf(error)})`;
    return { verdict, value: new RestError(why, undefined, { cause: error }) };
  }
}

function interpret(url: string, status: number, headers: Headers, text: string): Attempt<Page | RestError> {
  const retryAfterMs = pauseOf(headers) ?? readRetryAfter(headers, Date.now());
  if (status !== 200) {
    const value = new RestError(`answered ${status}${hint(status)}`, status);
    return { verdict: classifyStatus(status), value, retryAfterMs };
  }
  const body = parseJson(text);
  if (body instanceof RestError) return { verdict: 'unknown', value: body };
  const next = nextPage(url, String(headers.link ?? ''));
  if (next instanceof RestError) return { verdict: 'unknown', value: next };
  return { verdict: 'success', value: { body, next, pauseMs: pauseOf(headers) ?? 0 } };
}

/**
 * Milliseconds until a used-up rate limit is renewed: the organization's, and the user's own.
 * Source: buildkite/docs pages/apis/rest_api/rate_limits.md.
 */
function pauseOf(headers: Headers): number | undefined {
  const pauses = ['ratelimit', 'ratelimit-user'].flatMap((limit) => {
    const seconds = Number(headers[`${limit}-reset`]);
    return headers[`${limit}-remaining`] === '0' && seconds > 0 ? [seconds * 1000 + marginMs] : [];
  });
  return pauses.length === 0 ? undefined : Math.max(...pauses);
}

function hint(status: number): string {
  if (status === 401) return ': the API token is not accepted';
  if (status === 403) return ': the API token lacks the scope read_suites';
  if (status === 404) return ': no such suite, or the API token may not see it';
  return '';
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    return new RestError('answered with something that is not JSON', 200, { cause: error });
  }
}

/** The token goes along with every request, so a page elsewhere is refused. */
function nextPage(url: string, link: string): string | undefined | RestError {
  const target = /<([^>]+)>\s*;[^,]*\brel="?next"?/.exec(link)?.[1];
  if (target === undefined) return undefined;
  const next = URL.canParse(target, url) ? new URL(target, url) : undefined;
  return next?.origin === new URL(url).origin
    ? next.href
    : new RestError(`names a next page elsewhere: ${target}`, 200);
}
