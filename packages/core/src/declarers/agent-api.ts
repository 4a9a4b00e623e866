import { randomUUID } from 'node:crypto';
import type { Dispatcher } from 'undici';
import type { Env } from '../env.ts';
import { classifyStatus } from '../http/classify.ts';
import { DeclarerUnavailableError } from '../http/errors.ts';
import { openWay } from '../http/open-way.ts';
import { undecodable } from '../http/read-body.ts';
import {
  type Attempt,
  type Call,
  defaultRetryPolicy,
  type RetryPolicy,
  type RetrySeams,
  retry,
} from '../http/retry.ts';
import { readRetryAfter } from '../http/retry-after.ts';
import type { DeclareResult, Declarer } from '../vocabulary.ts';
import { agentApiHeaders } from './agent-api-headers.ts';
import { agentUrl, callTimeoutMs, unanswered } from './agent-request.ts';

export interface AgentApiSeams extends RetrySeams {
  /** @default defaultRetryPolicy */
  readonly policy?: RetryPolicy | undefined;
  /** @default Node's own modules, or where there is a proxy one that goes through it and is closed after use */
  readonly dispatcher?: Dispatcher | undefined;
  /** Milliseconds since the epoch. */
  readonly now?: (() => number) | undefined;
}

/**
 * Declares to Buildkite over HTTP(S) with the job's token, and repeats what is transient. What Buildkite answers
 * is a verdict; when in the end nobody there has answered, it rejects with `DeclarerUnavailableError`.
 * Loads undici only where there is a proxy. Source: buildkite/agent api/jobs.go, api/client.go.
 */
export function createAgentApi(env: Env, seams: AgentApiSeams = {}): Declarer {
  return {
    name: 'Agent API',
    async declare({ exitStatus, reason }, signal) {
      const url = agentUrl(env, 'promise_failure');
      const headers = { ...agentApiHeaders(env), 'X-Request-Id': randomUUID() };
      const body = JSON.stringify({ exit_status: exitStatus, ...(reason !== '' && { reason }) });
      const way = await openWay(env, url, seams.dispatcher);
      const send = async ({ number, signal: own }: Call): Promise<Outcome> => {
        try {
          const attempt = { ...headers, 'X-Attempt': String(number) };
          const answer = await way.ask(url, { method: 'PUT', headers: attempt, body, signal: own });
          const retryAfterMs = readRetryAfter(answer.headers, (seams.now ?? Date.now)());
          return { ...readAnswer(answer.status, answer.text), retryAfterMs };
        } catch (error) {
          signal.throwIfAborted();
          return unanswered(error);
        }
      };
      try {
        const result = await retry(send, seams.policy ?? defaultRetryPolicy, signal, {
          timeoutMs: callTimeoutMs,
          ...seams,
        });
        if (result instanceof Error) throw result;
        return result;
      } finally {
        await way.close();
      }
    },
  };
}

/** An unanswered call is a value as well while it may be repeated. */
type Outcome = Attempt<DeclareResult | DeclarerUnavailableError>;

/**
 * Success is a 204 without a body. A body that is not JSON comes from something between us and Buildkite: where it
 * claims success or trouble the call is repeated, where it refuses the next declarer has a way of its own.
 */
function readAnswer(status: number, text: string): Outcome {
  const verdict = classifyStatus(status);
  const message = readMessage(text, verdict === 'terminal');
  if (message === undefined) return refusedBetween(status, text);
  if (status >= 200 && status < 300) {
    return { verdict: 'success', value: { accepted: true, outcome: 'declared', upstreamStatus: status } };
  }
  const said = `Buildkite answered ${status}${message && `: ${message}`}`;
  return {
    verdict,
    value: { accepted: false, outcome: 'declared', verdict, upstreamStatus: status, message: said },
  };
}

/** `undefined` for a refusal that is not Buildkite's. */
function readMessage(text: string, refuses: boolean): string | undefined {
  if (text.trim() === '') return '';
  try {
    const { message } = Object(JSON.parse(text)) as { message?: unknown };
    return typeof message === 'string' ? message.slice(0, 512) : '';
  } catch (error) {
    if (refuses) return undefined;
    throw undecodable(`the answer is not Buildkite's: ${text.trim().slice(0, 100)}`, { cause: error });
  }
}

function refusedBetween(status: number, text: string): Outcome {
  const said = text.trim().replace(/\s+/g, ' ').slice(0, 100);
  const message = `something on the way to Buildkite refused with ${status}: ${said}`;
  return { verdict: 'unknown', value: new DeclarerUnavailableError(`status ${status}`, message) };
}
