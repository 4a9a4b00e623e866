import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { delimiter } from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import type { Env } from '../env.ts';
import { classifyStatus } from '../http/classify.ts';
import { DeclarerUnavailableError } from '../http/errors.ts';
import type { DeclareRequest, DeclareResult, Declarer } from '../vocabulary.ts';

export type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

export interface AgentCommandSeams {
  readonly spawn?: Spawn | undefined;
  /** Told the process id of the command when it runs, and nothing when it has ended. */
  readonly onChild?: ((pid: number | undefined) => void) | undefined;
}

/**
 * Declares by the agent's own command, which brings its own trust in certificates and its own proxy settings.
 * Resolves with the verdict of its exit; rejects with `DeclarerUnavailableError` when there is no such command.
 * Killed on abort. The token stays in the environment. Source: buildkite/agent clicommand/job_promise_failure.go.
 */
export function createAgentCommand(env: Env, seams: AgentCommandSeams = {}): Declarer {
  return {
    name: 'buildkite-agent',
    async declare(request, signal) {
      for (const name of ['BUILDKITE_JOB_ID', 'BUILDKITE_AGENT_ACCESS_TOKEN']) {
        if (!env[name]) throw new DeclarerUnavailableError('not set', `${name} is not set`);
      }
      const spawn = seams.spawn ?? (await import('node:child_process')).spawn;
      signal.throwIfAborted();
      const { code, output } = await run(spawn, env, request, signal, seams.onChild);
      signal.throwIfAborted();
      return readExit(code, output);
    },
  };
}

function run(
  spawn: Spawn,
  env: Env,
  { exitStatus, reason }: DeclareRequest,
  signal: AbortSignal,
  onChild: AgentCommandSeams['onChild'] = () => {},
): Promise<{ code: number | null; output: string }> {
  const args = ['job', 'promise-failure', String(exitStatus), `--reason=${reason.replaceAll('\0', '')}`];
  return new Promise((resolve, reject) => {
    const child = spawn('buildkite-agent', args, {
      env: withAgentOnPath(env),
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
      signal,
    });
    onChild(child.pid);
    child.once('exit', () => onChild(undefined));
    let output = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4096);
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      const why = error.code === 'ENOENT' ? 'there is no such command here' : error.message;
      reject(
        signal.aborted
          ? signal.reason
          : new DeclarerUnavailableError(String(error.code), why, { cause: error }),
      );
    });
    child.on('close', (code) => resolve({ code, output }));
  });
}

/** As the agent does it, which puts its folder last. */
function withAgentOnPath(env: Env): Env {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = [env[name], env.BUILDKITE_BIN_PATH].filter((folder) => folder);
  return { ...env, [name]: folders.join(delimiter) };
}

/** The texts that agent 3.128 to 4.0 ends with, and what stands for a status in them. */
const refusals: readonly (readonly [text: RegExp, status: number])[] = [
  [/different promised exit status has already been declared/, 409],
  [/no longer running/, 422],
];

function readExit(code: number | null, output: string): DeclareResult {
  if (code === 0) return { accepted: true, outcome: 'declared' };
  const text = stripVTControlCharacters(output).trim();
  if (/No help topic for|is not a buildkite-agent (sub)?command/.test(text)) {
    throw new DeclarerUnavailableError('too old', 'the agent is older than 3.128.0');
  }
  // What a shell answers for a command that cannot be run: a wrapper in place of the agent may end so.
  if (code === 126 || code === 127)
    throw new DeclarerUnavailableError(`exit ${code}`, `it cannot be run: ${text}`);
  const status = refusals.find(([refusal]) => refusal.test(text))?.[1] ?? statusIn(text);
  return {
    accepted: false,
    outcome: 'declared',
    verdict: classifyStatus(status ?? 0),
    message: (text.split('\n').at(-1) ?? '').slice(0, 512) || `it ended with ${code ?? 'a signal'}`,
    ...(status !== undefined && { upstreamStatus: status }),
  };
}

/** From `PUT https://...: 404 Not Found: ...`. */
function statusIn(text: string): number | undefined {
  const status = /PUT \S+: (\d{3}) /.exec(text)?.[1];
  return status === undefined ? undefined : Number(status);
}
