import { stripVTControlCharacters } from 'node:util';
import type { Env } from '../env.ts';
import { classifyStatus } from '../http/classify.ts';
import { isDeclarerUnavailable } from '../http/errors.ts';
import { openWay } from '../http/open-way.ts';
import {
  type Attempt,
  type Call,
  exponential,
  type RetryPolicy,
  type RetrySeams,
  retry,
} from '../http/retry.ts';
import { readRetryAfter } from '../http/retry-after.ts';
import type { Verdict } from '../vocabulary.ts';
import { agentApiHeaders } from './agent-api-headers.ts';
import { agentUrl, unanswered } from './agent-request.ts';
import { type AgentCommandSeams, runAgent } from './run-agent.ts';

interface Annotation {
  /** Up to 100 characters; one annotation of the build has it, which is replaced. */
  readonly context: string;
  /** CommonMark, up to 1 MiB. */
  readonly body: string;
}

export type AnnotateResult =
  | { readonly done: true }
  | { readonly done: false; readonly verdict: Verdict; readonly message: string };

/** Shows an annotation on the build. A refusal is a value; rejects only when `signal` is aborted. */
export type Annotate = (annotation: Annotation, signal: AbortSignal) => Promise<AnnotateResult>;

export interface AnnotateSeams extends RetrySeams {
  readonly agentCommand?: AgentCommandSeams;
}

/** Few calls, for the next update brings the same and more; together less than half a minute. */
const policy: RetryPolicy = { calls: 3, delayMs: exponential(500), jitter: 0.5, capMs: 5000 };
const callTimeoutMs = 8000;

/**
 * By the Agent API, and where that cannot be reached by the agent's own command; the Job API has no route for it
 * (buildkite/agent jobapi/routes.go). Source: buildkite/agent api/annotations.go, clicommand/annotate.go.
 */
export function createAnnotate(env: Env, seams: AnnotateSeams = {}): Annotate {
  return async (annotation, signal) => {
    try {
      return await callAgentApi(env, annotation, signal, seams);
    } catch (error) {
      signal.throwIfAborted();
      if (!isDeclarerUnavailable(error)) return failure(error);
      return callAgentCommand(env, annotation, signal, seams.agentCommand ?? {}).catch((other: unknown) => {
        signal.throwIfAborted();
        return failure(`Agent API: ${error.message}; buildkite-agent: ${messageOf(other)}`);
      });
    }
  };
}

async function callAgentApi(
  env: Env,
  { context, body }: Annotation,
  signal: AbortSignal,
  seams: AnnotateSeams,
): Promise<AnnotateResult> {
  const url = agentUrl(env, 'annotations');
  const text = JSON.stringify({ body, context, style: 'error' });
  const way = await openWay(env, url);
  const send = async ({ signal: own }: Call): Promise<Attempt<AnnotateResult | Error>> => {
    try {
      const headers = agentApiHeaders(env);
      const answer = await way.ask(url, { method: 'POST', headers, body: text, signal: own });
      const retryAfterMs = readRetryAfter(answer.headers, Date.now());
      return { ...readAnswer(answer.status, answer.text), retryAfterMs };
    } catch (error) {
      signal.throwIfAborted();
      return unanswered(error);
    }
  };
  try {
    const result = await retry(send, policy, signal, { timeoutMs: callTimeoutMs, ...seams });
    if (result instanceof Error) throw result;
    return result;
  } finally {
    await way.close();
  }
}

function readAnswer(status: number, text: string): Attempt<AnnotateResult> {
  if (status >= 200 && status < 300) return { verdict: 'success', value: { done: true } };
  const verdict = classifyStatus(status);
  const said = messageIn(text);
  const message = `Buildkite answered ${status}${said && `: ${said}`}`;
  return { verdict, value: { done: false, verdict, message } };
}

function messageIn(text: string): string {
  try {
    const { message } = Object(JSON.parse(text)) as { message?: unknown };
    return typeof message === 'string' ? message.slice(0, 512) : '';
  } catch {
    return text.trim().replaceAll(/\s+/g, ' ').slice(0, 100);
  }
}

async function callAgentCommand(
  env: Env,
  { context, body }: Annotation,
  signal: AbortSignal,
  seams: AgentCommandSeams,
): Promise<AnnotateResult> {
  const args = ['annotate', '--style', 'error', '--context', context];
  const { code, output } = await runAgent(env, { args, input: body }, signal, seams);
  if (code === 0) return { done: true };
  const text = stripVTControlCharacters(output).trim();
  return failure((text.split('\n').at(-1) ?? '').slice(0, 512) || `it ended with ${code ?? 'a signal'}`);
}

function failure(error: unknown): AnnotateResult {
  return { done: false, verdict: 'unknown', message: messageOf(error) };
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
