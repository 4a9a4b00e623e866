import { type ChildProcess, spawn } from 'node:child_process';
import { constants } from 'node:os';
import { watchGroupSignals } from './group-signal.ts';
import type { CommandEnd } from './judge.ts';

/** The parts of `process` that running a command touches. */
export interface Signals {
  on(signal: NodeJS.Signals, listener: () => void): unknown;
  removeListener(signal: NodeJS.Signals, listener: () => void): unknown;
  readonly stdin: { readonly isTTY?: boolean };
}

const forwarded: readonly NodeJS.Signals[] = ['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM', 'SIGUSR1', 'SIGUSR2'];
const ending = new Set<NodeJS.Signals>(['SIGHUP', 'SIGINT', 'SIGQUIT', 'SIGTERM']);

/** A command that could not be started, with the exit status a shell would give. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly exitStatus: number;

  constructor(command: string, cause: NodeJS.ErrnoException) {
    const named = command === '' ? 'a command with an empty name' : command;
    super(`${named} cannot be started: ${cause.message}`, { cause });
    this.exitStatus = command === '' || cause.code === 'ENOENT' ? 127 : 126;
  }
}

/**
 * Runs a command with this process's own input and output, and forwards signals to it. No shell is started.
 * A terminal, the agent and `timeout` send a signal to the whole group, the command included: forwarding it would
 * make one Ctrl-C two, which runners take for an order to drop everything.
 */
export function runChild(
  [command = '', ...args]: readonly string[],
  env: NodeJS.ProcessEnv,
  signals: Signals = process,
): Promise<CommandEnd> {
  return new Promise((resolve, reject) => {
    const group = watchGroupSignals();
    let told: number | undefined;
    const forward = async (signal: NodeJS.Signals) => {
      if (signal === 'SIGINT' && signals.stdin.isTTY) return;
      if (!(await group.reachedGroup(signal))) child.kill(signal);
    };
    const listeners = forwarded.map((signal) => {
      const listener = () => {
        if (ending.has(signal)) told = constants.signals[signal];
        void forward(signal);
      };
      signals.on(signal, listener);
      return () => signals.removeListener(signal, listener);
    });
    const settle = (act: () => void) => {
      for (const stop of listeners) stop();
      group.close();
      act();
    };
    // After the listeners: a signal in between would end this process, and leave the command behind.
    let child: ChildProcess;
    try {
      child = spawn(command, args, { stdio: 'inherit', env });
    } catch (error) {
      // What Node takes for rarer, ENOTDIR among it, is thrown where ENOENT is an event.
      settle(() => reject(new StartError(command, error as NodeJS.ErrnoException)));
      return;
    }
    child.once('error', (error) => settle(() => reject(new StartError(command, error))));
    child.once('exit', (code, signal) =>
      settle(() => {
        const exitStatus = code ?? 128 + constants.signals[signal ?? 'SIGKILL'];
        const whole = code !== null && told === undefined;
        resolve(whole ? { type: 'exited', code } : { type: 'signalled', exitStatus });
      }),
    );
  });
}
