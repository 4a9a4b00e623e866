import { setTimeout as sleep } from 'node:timers/promises';
import type { UpstreamResult } from './debounce.ts';

/**
 * Milliseconds between the agent's ten attempts: 2000, 3216, 5172, 8317, 13374, 21508, 34587, 55619, 89442.
 * Source: buildkite/agent api/jobs.go with buildkite/roko's ExponentialSubsecond(2 s).
 */
export const agentWaitsMs: readonly number[] = Array.from({ length: 9 }, (_, attempt) =>
  Math.floor(2000 ** (attempt / 16 + 1)),
);

/** How to reach the Agent API, and how patiently. Attempts = waits + 1. */
export interface UpstreamOptions {
  readonly endpoint: string;
  readonly token: string;
  readonly jobId: string;
  /** Sent with every request. */
  readonly headers?: Readonly<Record<string, string>>;
  readonly waitsMs?: readonly number[];
  /** Of one attempt. @default 60000 */
  readonly timeoutMs?: number;
}

interface Attempt extends UpstreamResult {
  readonly retryable: boolean;
}

const retryableCodes = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'ETIMEDOUT',
  'ENOTFOUND',
  'UND_ERR_SOCKET',
  'UND_ERR_CONNECT_TIMEOUT',
  'UND_ERR_HEADERS_TIMEOUT',
]);

/** Declares over HTTP as the agent does: any 2xx is accepted, 429, 5xx and lost connections are retried. */
export async function declareUpstream(
  options: UpstreamOptions,
  exitStatus: number,
  reason: string,
): Promise<UpstreamResult> {
  const { waitsMs = agentWaitsMs } = options;
  let lastStatus = 0;
  for (let attempt = 0; ; attempt++) {
    const { retryable, status, error } = await attemptOnce(options, exitStatus, reason);
    // The agent reports the last response it had: a later attempt without one leaves the earlier status standing.
    lastStatus = status || lastStatus;
    if (error === undefined) return { status: lastStatus };
    const wait = waitsMs[attempt];
    if (!retryable || wait === undefined) return { status: lastStatus, error };
    await sleep(wait, undefined, { ref: false });
  }
}

async function attemptOnce(options: UpstreamOptions, exitStatus: number, reason: string): Promise<Attempt> {
  const { endpoint, token, jobId, headers, timeoutMs = 60_000 } = options;
  const url = `${endpoint.replace(/\/+$/, '')}/jobs/${encodeURIComponent(jobId).replaceAll('.', '%2E')}/promise_failure`;
  try {
    const response = await fetch(url, {
      method: 'PUT',
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
      headers: {
        ...headers,
        ...(token && { authorization: `Token ${token}` }),
        'content-type': 'application/json',
        'user-agent': `buildkite-agent/4.0.0.simulator (${process.platform}; ${process.arch})`,
      },
      body: `${JSON.stringify({ exit_status: exitStatus, ...(reason && { reason }) })}\n`,
    });
    return await judge(response, url);
  } catch (error) {
    return { status: 0, error: `PUT ${url}: ${describe(error)}`, retryable: isRetryable(error) };
  }
}

async function judge(response: Response, url: string): Promise<Attempt> {
  const { status, statusText, ok } = response;
  if (ok) {
    await response.body?.cancel();
    return { status, retryable: false };
  }
  const text = await response.text();
  const error = `PUT ${url}: ${status} ${statusText}: ${messageOf(text)}`;
  return { status, error, retryable: status === 429 || status >= 500 };
}

function messageOf(body: string): string {
  try {
    return String(JSON.parse(body).message);
  } catch {
    return body.slice(0, 512);
  }
}

function codeOf(error: unknown): string {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}

function describe(error: unknown): string {
  return codeOf(error) || (error instanceof Error ? error.message : String(error));
}

function isRetryable(error: unknown): boolean {
  return (error instanceof Error && error.name === 'TimeoutError') || retryableCodes.has(codeOf(error));
}
