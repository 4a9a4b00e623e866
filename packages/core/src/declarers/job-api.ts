import type { Env } from '../env.ts';
import { classifyStatus } from '../http/classify.ts';
import { DeclarerUnavailableError, isDeclarerUnavailable } from '../http/errors.ts';
import { readBody, undecodable } from '../http/read-body.ts';
import type { DeclareResult, Declarer } from '../vocabulary.ts';

export interface JobApiSeams {
  /**
   * Milliseconds without an answer after which the Agent API is asked as well. The agent answers when it has a
   * verdict, which may take it a quarter of an hour; but after 11 s it has tried four times itself (at 0, 2, 5.2
   * and 10.4 s), so its own way may be the obstacle, and to ask twice for one exit status is harmless.
   */
  readonly patienceMs?: number;
  /** Milliseconds of silence after which it is given up: more than the agent's own schedule can take (13:54). */
  readonly silenceMs?: number;
}

/**
 * Declares through the agent that runs this job, which calls Buildkite once for all processes of the job.
 * Its 200 is a verdict, good or bad. Anything else rejects with `DeclarerUnavailableError`.
 * Source: buildkite/agent jobapi/promise_failure.go, internal/socket/client.go.
 */
export function createJobApi(env: Env, seams: JobApiSeams = {}): Declarer {
  const { patienceMs = 11_000, silenceMs = 15 * 60_000 } = seams;
  const { BUILDKITE_AGENT_JOB_API_SOCKET: socket, BUILDKITE_AGENT_JOB_API_TOKEN: token } = env;
  return {
    name: 'Job API',
    patienceMs,
    async declare(request, signal) {
      if (!socket || !token) throw unset(socket ? 'TOKEN' : 'SOCKET');
      const body = JSON.stringify({ exit_status: request.exitStatus, reason: request.reason });
      const call = { socket, token, body, silenceMs };
      return ask(call, signal).catch((error: unknown) => {
        if (isDeclarerUnavailable(error) && error.code === 'answer lost') return askAgain(call, signal);
        throw error;
      });
    },
  };
}

interface Call {
  readonly socket: string;
  readonly token: string;
  readonly body: string;
  readonly silenceMs: number;
}

/**
 * For an answer that was lost on the way: the agent remembers its verdict. That it was debounced then tells of
 * this same declaration. When it is lost once more, the next declarer may repeat the declaration.
 */
async function askAgain(call: Call, signal: AbortSignal): Promise<DeclareResult> {
  return { ...(await ask(call, signal)), outcome: 'declared' };
}

async function ask(call: Call, signal: AbortSignal): Promise<DeclareResult> {
  try {
    const { status, text } = await post(call, signal);
    if (status !== 200) throw refusal(status, text);
    return readVerdict(text);
  } catch (error) {
    signal.throwIfAborted();
    throw isDeclarerUnavailable(error) ? error : failure(call.socket, error as NodeJS.ErrnoException);
  }
}

/** Without a name for TLS Node makes one of the host, and takes 4 ms to see whether that is an address (20.20). */
const withoutTls: object = { servername: '' };

/**
 * With node:http, because loading undici takes longer than a promise may take from failure to arrival. For the
 * same reason http is not imported, which would take each of its exports, those that are loaded on demand, too.
 */
function post(call: Call, signal: AbortSignal): Promise<{ status: number; text: string }> {
  const http = process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    const request = http.request({
      socketPath: call.socket,
      method: 'POST',
      path: '/api/current-job/v0/promise-failure',
      headers: {
        Host: 'job',
        Authorization: `Bearer ${call.token}`,
        'Content-Type': 'application/json',
        'Content-Length': Buffer.byteLength(call.body),
      },
      agent: false,
      ...withoutTls,
      signal,
      timeout: call.silenceMs,
    });
    request.on('response', (response) => {
      readBody(response).then((text) => resolve({ status: response.statusCode ?? 0, text }), reject);
    });
    request.on('timeout', () => request.destroy(silent(call.silenceMs)));
    request.on('error', reject);
    request.end(call.body);
  });
}

function readVerdict(text: string): DeclareResult {
  const { accepted, outcome: told, upstream_status: status, error } = parseObject(text);
  if (typeof accepted !== 'boolean' || (told !== 'declared' && told !== 'debounced')) {
    throw undecodable('it is no verdict');
  }
  const outcome: DeclareResult['outcome'] = told;
  const upstream = typeof status === 'number' && status > 0 ? { upstreamStatus: status } : {};
  if (accepted) return { accepted, outcome, ...upstream };
  const message = typeof error === 'string' && error !== '' ? error : 'the agent does not say why';
  return { accepted, outcome, verdict: classifyStatus(upstream.upstreamStatus ?? 0), message, ...upstream };
}

function parseObject(text: string): Readonly<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw undecodable('it is not JSON', { cause: error });
  }
  if (typeof value !== 'object' || value === null) throw undecodable('it is no verdict');
  return value as Record<string, unknown>;
}

function unset(which: string): DeclarerUnavailableError {
  return new DeclarerUnavailableError('not set', `BUILDKITE_AGENT_JOB_API_${which} is not set`);
}

function silent(ms: number): DeclarerUnavailableError {
  return new DeclarerUnavailableError('silent', `no answer for ${Math.round(ms / 1000)} s`);
}

function refusal(status: number, text: string): DeclarerUnavailableError {
  if (status === 404) {
    return new DeclarerUnavailableError(
      'too old',
      'the agent is older than 3.130.0, the first whose Job API takes a promise',
    );
  }
  const said = text.trim().slice(0, 200);
  return new DeclarerUnavailableError(`status ${status}`, `it answered ${status}${said && `: ${said}`}`);
}

function failure(socket: string, error: NodeJS.ErrnoException): DeclarerUnavailableError {
  const [code, message] =
    error.syscall === 'connect'
      ? (['not connected', `cannot connect to ${socket} (${error.code})`] as const)
      : (['answer lost', `its answer was lost (${error.message})`] as const);
  return new DeclarerUnavailableError(code, message, { cause: error });
}
