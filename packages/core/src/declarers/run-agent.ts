import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { delimiter } from 'node:path';
import type { Env } from '../env.ts';
import { DeclarerUnavailableError } from '../http/errors.ts';

type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

export interface AgentCommandSeams {
  readonly spawn?: Spawn | undefined;
  /** Told the process id of the command when it runs, and nothing when it has ended. */
  readonly onChild?: ((pid: number | undefined) => void) | undefined;
}

interface AgentCall {
  readonly args: readonly string[];
  /** Text for its stdin. @default none */
  readonly input?: string;
}

/**
 * Runs the agent's command, which is killed when `signal` is aborted, and resolves with its end. Rejects with
 * `DeclarerUnavailableError` where there is no such command, or no job that it could speak for.
 */
export async function runAgent(
  env: Env,
  { args, input }: AgentCall,
  signal: AbortSignal,
  { spawn, onChild = () => {} }: AgentCommandSeams,
): Promise<{ readonly code: number | null; readonly output: string }> {
  for (const name of ['BUILDKITE_JOB_ID', 'BUILDKITE_AGENT_ACCESS_TOKEN']) {
    if (!env[name]) throw new DeclarerUnavailableError('not set', `${name} is not set`);
  }
  const start = spawn ?? (await import('node:child_process')).spawn;
  signal.throwIfAborted();
  const end = await new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const child = start('buildkite-agent', args, {
      env: withAgentOnPath(env),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
      windowsHide: true,
      signal,
    });
    onChild(child.pid);
    child.once('exit', () => onChild(undefined));
    let output = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      output = (output + text).slice(-4096);
    });
    // A command that ends before it has read everything tells by its exit.
    child.stdin?.on('error', () => {}).end(input);
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
  signal.throwIfAborted();
  return end;
}

/** As the agent does it, which puts its folder last. */
function withAgentOnPath(env: Env): Env {
  const name = Object.keys(env).find((key) => key.toUpperCase() === 'PATH') ?? 'PATH';
  const folders = [env[name], env.BUILDKITE_BIN_PATH].filter((folder) => folder);
  return { ...env, [name]: folders.join(delimiter) };
}
