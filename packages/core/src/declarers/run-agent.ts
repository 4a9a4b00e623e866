import type { ChildProcess, SpawnOptions } from 'node:child_process';
import { delimiter } from 'node:path';
import type { Env } from '../env.ts';
import { DeclarerUnavailableError } from '../http/errors.ts';
import type { CommandWatch } from './agent-commands.ts';

type Spawn = (command: string, args: readonly string[], options: SpawnOptions) => ChildProcess;

export interface AgentCommandSeams {
  readonly spawn?: Spawn | undefined;
  /** Called before a command is started; `undefined` where the run is over, and none may begin. */
  readonly beginCommand?: (() => CommandWatch | undefined) | undefined;
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
  { spawn, beginCommand = () => () => {} }: AgentCommandSeams,
): Promise<{ readonly code: number | null; readonly output: string }> {
  for (const name of ['BUILDKITE_JOB_ID', 'BUILDKITE_AGENT_ACCESS_TOKEN']) {
    if (!env[name]) throw new DeclarerUnavailableError('not set', `${name} is not set`);
  }
  const start = spawn ?? (await import('node:child_process')).spawn;
  signal.throwIfAborted();
  const end = await new Promise<{ code: number | null; output: string }>((resolve, reject) => {
    const watch = beginCommand();
    // This thread ends with the process, any moment now: nobody waits for an answer.
    if (watch === undefined) return;
    const child = start('buildkite-agent', args, {
      env: withAgentOnPath(env),
      stdio: [input === undefined ? 'ignore' : 'pipe', 'ignore', 'pipe'],
      windowsHide: true,
      signal,
    });
    watch(child.pid);
    child.once('exit', () => watch(undefined));
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
