import { request } from 'node:http';
import { parseArgs } from 'node:util';
import { promiseFailurePath } from './job-api.ts';
import { redactReason } from './redact-reason.ts';
import { agentWaitsMs, declareUpstream } from './upstream.ts';

/** Comma-separated milliseconds that replace the command's retry schedule, for tests. */
export const waitsVariable = 'SIMULATED_AGENT_WAITS_MS';

type Env = Readonly<Record<string, string | undefined>>;

/** The verdict on a promise: 0 is a status of no response. */
interface Verdict {
  readonly accepted: boolean;
  readonly status: number;
  readonly error: string;
}

/**
 * Stands in for `buildkite-agent`, above all `job promise-failure <status> [--reason text]`: exit status 0 if accepted, else 1
 * with `buildkite-agent: fatal: ...`. Goes to the Job API, and straight to the Agent API where that cannot be
 * used or answers 4xx or 5xx. Source: buildkite/agent clicommand/job_promise_failure.go.
 */
export async function runAgentCommand(
  argv: readonly string[],
  env: Env,
  log: (line: string) => void,
  out: (text: string) => void = () => {},
): Promise<number> {
  if (argv[0] === '--version') {
    out('buildkite-agent version 4.0.0+simulator\n');
    return 0;
  }
  if (argv[0] !== 'job') {
    const { runJobCommand } = await import('./job-commands.ts');
    const status = await runJobCommand(argv, { env, log, out }).catch((error: Error) => {
      log(`buildkite-agent: fatal: ${error.message}`);
      return 1;
    });
    if (status !== undefined) return status;
  }
  const fatal = (text: string) => {
    log(`buildkite-agent: fatal: ${text}`);
    return 1;
  };
  const parsed = parse(argv);
  if (typeof parsed === 'string') return fatal(parsed);
  const { exitStatus } = parsed;
  const jobId = env.BUILDKITE_JOB_ID;
  if (!jobId) return fatal('BUILDKITE_JOB_ID is not set');
  if (!env.BUILDKITE_AGENT_ACCESS_TOKEN) return fatal('missing agent-access-token');
  const patterns = parsed.redactedVars ?? env.BUILDKITE_REDACTED_VARS;
  const reason = redactReason(parsed.reason, env, patterns);
  if (reason !== parsed.reason) log(`WARN   The reason of job ${jobId} held secrets, which were redacted`);
  const verdict = (await viaJobApi(env, exitStatus, reason)) ?? (await viaAgentApi(env, exitStatus, reason));
  if (!verdict.accepted) return fatal(`${explain(verdict.status)}: ${verdict.error}`);
  log(`INFO   Declared promised exit status ${exitStatus} for job ${jobId}`);
  return 0;
}

interface Arguments {
  readonly exitStatus: number;
  readonly reason: string;
  readonly redactedVars: string | undefined;
}

function parse(argv: readonly string[]): Arguments | string {
  const options = { reason: { type: 'string' }, 'redacted-vars': { type: 'string' } } as const;
  try {
    const { values, positionals } = parseArgs({ args: [...argv], options, allowPositionals: true });
    const [group, command, status, ...rest] = positionals;
    if (group !== 'job' || command !== 'promise-failure') return `unknown command ${positionals.join(' ')}`;
    if (status === undefined || rest.length > 0) return 'exactly one exit status is required';
    if (!/^\d+$/.test(status) || Number(status) < 1)
      return `exit status must be a positive integer: ${status}`;
    const redactedVars = values['redacted-vars'];
    return { exitStatus: Number(status), reason: values.reason ?? '', redactedVars };
  } catch (error) {
    return String(error);
  }
}

async function viaJobApi(env: Env, exitStatus: number, reason: string): Promise<Verdict | undefined> {
  const { BUILDKITE_AGENT_JOB_API_SOCKET: socketPath, BUILDKITE_AGENT_JOB_API_TOKEN: token } = env;
  if (!socketPath || !token) return undefined;
  try {
    const { status, body } = await post(socketPath, token, { exit_status: exitStatus, reason });
    if (status >= 400) return undefined;
    const { accepted, upstream_status: upstream = 0, error = '' } = JSON.parse(body);
    return { accepted: accepted === true, status: upstream, error };
  } catch {
    return undefined;
  }
}

function post(socketPath: string, token: string, body: unknown): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const headers = { authorization: `Bearer ${token}` };
    const call = request({ socketPath, host: 'job', path: promiseFailurePath, method: 'POST', headers });
    call.on('error', reject).on('response', async (response) => {
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of response) chunks.push(chunk);
        resolve({ status: response.statusCode ?? 0, body: Buffer.concat(chunks).toString('utf8') });
      } catch (error) {
        reject(error);
      }
    });
    call.end(JSON.stringify(body));
  });
}

async function viaAgentApi(env: Env, exitStatus: number, reason: string): Promise<Verdict> {
  const waits = env[waitsVariable];
  const result = await declareUpstream(
    {
      endpoint: env.BUILDKITE_AGENT_ENDPOINT ?? '',
      token: env.BUILDKITE_AGENT_ACCESS_TOKEN ?? '',
      jobId: env.BUILDKITE_JOB_ID ?? '',
      waitsMs: waits === undefined ? agentWaitsMs : waits.split(',').filter(Boolean).map(Number),
      headers: requestHeaders(env),
    },
    exitStatus,
    reason,
  );
  return { accepted: result.error === undefined, status: result.status, error: result.error ?? '' };
}

/** `BUILDKITE_REQUEST_HEADER_BUILDKITE_X` is sent as `buildkite-x`; names outside `Buildkite-` are not sent. */
function requestHeaders(env: Env): Record<string, string> {
  const headers: Record<string, string> = {};
  for (const [variable, value] of Object.entries(env)) {
    const name = /^BUILDKITE_REQUEST_HEADER_(BUILDKITE_.+)$/.exec(variable)?.[1];
    if (name !== undefined && value !== undefined) headers[name.toLowerCase().replaceAll('_', '-')] = value;
  }
  return headers;
}

function explain(status: number): string {
  if (status === 409) return 'a different promised exit status has already been declared for this job';
  if (status === 422) return 'the job is no longer running and cannot accept a promised failure';
  return 'failed to declare promised job failure';
}
