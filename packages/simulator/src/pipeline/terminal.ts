import { randomUUID } from 'node:crypto';
import { closeSync, constants, openSync, writeSync } from 'node:fs';

/** The pseudo-terminals of this machine. */
export type Terminals = typeof import('@lydell/node-pty');

let loading: Promise<Terminals | undefined> | undefined;

/** Loads them once; where they cannot be had, `warn` hears why, once, and jobs get pipes. */
export function loadTerminals(warn: (line: string) => void): Promise<Terminals | undefined> {
  loading ??= import('@lydell/node-pty').catch((error: unknown) => {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    warn(`No pseudo-terminals on this machine, so jobs get pipes, as with --no-pty: ${why}`);
    return undefined;
  });
  return loading;
}

type Terminal = ReturnType<Terminals['spawn']>;

/** Milliseconds between two looks whether a command is gone. */
const lookEveryMs = 10;

/**
 * Hands on all that a command writes to its terminal. When nobody has the far side open any more, libuv reads no further,
 * while Linux may still have output to hand over: of 30 kB a quarter of the commands on a busy machine lost the end
 * (node-pty 1.1.0). So this process has the far side open until the command is gone and a mark behind its output has come.
 */
export function readWhole(terminal: Terminal, write: (text: string) => void): void {
  const farSide = process.platform === 'linux' ? openFarSide(terminal) : undefined;
  if (farSide === undefined) {
    terminal.onData(write);
    return;
  }
  const mark = `\0${randomUUID()}\0`;
  /** What came since the command was gone, in which the mark is looked for. */
  let last: string | undefined;
  const looks = setInterval(() => {
    if (isThere(terminal.pid)) return;
    clearInterval(looks);
    last = '';
    if (!attempt(() => writeSync(farSide, mark))) release();
  }, lookEveryMs).unref();
  let isHeld = true;
  const release = () => {
    if (isHeld) closeSync(farSide);
    isHeld = false;
  };
  terminal.onData((text) => {
    if (last === undefined) {
      write(text);
      return;
    }
    last += text;
    if (last.includes(mark)) release();
  });
  terminal.onExit(() => {
    clearInterval(looks);
    release();
    if (last) write(last.replace(mark, ''));
  });
}

function openFarSide(terminal: Terminal): number | undefined {
  // Not among the types: the path of the far side.
  const { ptsName } = terminal as Terminal & { readonly ptsName?: string };
  const { O_RDWR, O_NOCTTY, O_NONBLOCK } = constants;
  return ptsName === undefined ? undefined : attempt(() => openSync(ptsName, O_RDWR | O_NOCTTY | O_NONBLOCK));
}

/** Also where it may not be signalled, as what sudo runs. */
function isThere(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return (error as NodeJS.ErrnoException).code !== 'ESRCH';
  }
}

function attempt<T>(act: () => T): T | undefined {
  try {
    return act();
  } catch {
    return undefined;
  }
}
