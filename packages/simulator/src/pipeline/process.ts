import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import type { Environment } from '../agent/environment.ts';
import type { JobEnd } from '../model/model.ts';
import { holdGroup } from './process-group.ts';

/** How long output may still come after the shell's end. */
const lastOutputMs = 500;

/** A command to run by `/bin/sh -c` in a process group of its own. */
export interface CommandOptions {
  readonly command: string;
  readonly cwd: string;
  readonly env: Environment;
  /** File that takes stdout and stderr. */
  readonly logFile: string;
  /** Hears the same output as it comes. */
  readonly onOutput?: ((text: string) => void) | undefined;
}

/** A command that runs. */
export interface RunningCommand {
  /** Never rejects: a shell that does not start is exit status -1. */
  readonly ended: Promise<JobEnd>;
  /** SIGTERM to the whole group now, SIGKILL to what is left of it after `graceMs` or at this process's end. */
  cancel(graceMs: number): void;
}

/** Starts a command. Its end is that of the shell: what it left behind in the background does not count. */
export function runCommand({ command, cwd, env, logFile, onOutput }: CommandOptions): RunningCommand {
  const child = spawn('/bin/sh', ['-c', command], {
    cwd,
    env,
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const log = createWriteStream(logFile);
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      log.write(text);
      onOutput?.(text);
    });
  }
  const ended = new Promise<JobEnd>((resolve) => {
    child.on('error', () => resolve({ exitStatus: -1 }));
    child.on('exit', (code, signal) => resolve({ exitStatus: code ?? -1, signal }));
  });
  child.on('exit', () => {
    // Whatever the shell left in the background holds these pipes, and through them this process.
    const release = () => [child.stdout, child.stderr].map((stream) => stream.destroy());
    const timer = setTimeout(release, lastOutputMs);
    child.on('close', () => clearTimeout(timer));
  });
  child.on('close', () => log.end());
  const group = child.pid === undefined ? undefined : holdGroup(child.pid, ended);
  return { ended, cancel: (graceMs) => group?.cancel(graceMs) };
}
