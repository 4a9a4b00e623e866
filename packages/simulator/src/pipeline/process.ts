import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { constants } from 'node:os';
import type { Environment } from '../agent/environment.ts';
import type { JobEnd } from '../model/model.ts';
import { holdGroup } from './process-group.ts';
import { readWhole, type Terminals } from './terminal.ts';

/** How long output may still come after the shell's end. */
const lastOutputMs = 500;

/** The agent's default. Source: buildkite/agent clicommand/bootstrap.go. */
const shell = '/bin/bash';

/** A command to run by `/bin/bash -e -c` in a process group of its own. */
export interface CommandOptions {
  readonly command: string;
  readonly cwd: string;
  readonly env: Environment;
  /** File that takes stdout and stderr. */
  readonly logFile: string;
  /** Gives it a pseudo-terminal; without, its output goes into pipes and there is no input. */
  readonly terminals?: Terminals | undefined;
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

/** What runs, and how it says what it has to say. */
interface Started {
  readonly pid: number | undefined;
  readonly ended: Promise<JobEnd>;
  /** Resolves when no more output comes. */
  readonly silent: Promise<unknown>;
}

/** Starts a command. Its end is that of the shell: what it left behind in the background does not count. */
export function runCommand(options: CommandOptions): RunningCommand {
  const { logFile, onOutput, terminals } = options;
  const log = createWriteStream(logFile);
  // A full disk is no reason to end what runs.
  log.on('error', ({ message }) => console.error(`The log of a job is not whole: ${message}`));
  const write = (text: string) => {
    log.write(text);
    onOutput?.(text);
  };
  const { pid, ended, silent } =
    terminals === undefined ? startOnPipes(options, write) : startOnTerminal(options, terminals, write);
  void silent.then(() => log.end());
  const group = pid === undefined ? undefined : holdGroup(pid, ended);
  return { ended, cancel: (graceMs) => group?.cancel(graceMs) };
}

function startOnPipes({ command, cwd, env }: CommandOptions, write: (text: string) => void): Started {
  const child = spawn(shell, ['-e', '-c', command], {
    cwd,
    env: { ...env, TERM: 'dumb', BUILDKITE_PTY: 'false' },
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', write);
  const ended = new Promise<JobEnd>((resolve) => {
    child.on('error', (error) => {
      write(`cannot start ${shell}: ${error.message}\n`);
      resolve({ exitStatus: -1 });
    });
    child.on('exit', (code, signal) => resolve({ exitStatus: code ?? -1, signal }));
  });
  child.on('exit', () => {
    // Whatever the shell left in the background holds these pipes, and through them this process.
    const release = () => [child.stdout, child.stderr].map((stream) => stream.destroy());
    const timer = setTimeout(release, lastOutputMs);
    child.on('close', () => clearTimeout(timer));
  });
  return { pid: child.pid, ended, silent: new Promise((resolve) => child.on('close', resolve)) };
}

function startOnTerminal(
  { command, cwd, env }: CommandOptions,
  terminals: Terminals,
  write: (text: string) => void,
): Started {
  try {
    const child = terminals.spawn(shell, ['-e', '-c', command], {
      name: 'xterm-256color',
      cols: 160,
      rows: 100,
      cwd,
      env,
    });
    readWhole(child, write);
    const ended = new Promise<JobEnd>((resolve) => {
      child.onExit(({ exitCode, signal }) => {
        resolve(signal ? { exitStatus: -1, signal: signalName(signal) } : { exitStatus: exitCode });
      });
    });
    return { pid: child.pid, ended, silent: ended };
  } catch (error) {
    write(`cannot start ${shell}: ${error instanceof Error ? error.message : error}\n`);
    return { pid: undefined, ended: Promise.resolve({ exitStatus: -1 }), silent: Promise.resolve() };
  }
}

function signalName(number: number): string {
  const known = Object.entries(constants.signals).find(([, value]) => value === number);
  return known?.[0] ?? `SIG${number}`;
}
