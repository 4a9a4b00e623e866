/** The parts of `process` that a session listens to; a parameter, so that tests can end a process many times. */
export interface ProcessEvents {
  exitCode?: typeof process.exitCode;
  on(event: string, listener: (code: number) => void): unknown;
  once(event: string, listener: () => void): unknown;
  removeListener(event: string, listener: (code: number) => void): unknown;
  listenerCount(event: string): number;
}

const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * Calls `onBeforeExit` (which may wait) when the process has nothing left to do, and `onExit` in its last
 * moment, both with the exit status as far as it is known. Returns the function that stops listening.
 */
export function watchProcessEnd(
  events: ProcessEvents,
  onBeforeExit: (status: number) => void,
  onExit: (status: number) => void,
): () => void {
  const last = (code: number) => onExit(Number(events.exitCode ?? code));
  const before = (code: number) => {
    // Jest sets its exit code in an `exit` listener of its own (jest-cli run.ts, 30.5): be the last in the line.
    events.removeListener('exit', last);
    events.on('exit', last);
    onBeforeExit(Number(events.exitCode ?? code));
  };
  events.on('beforeExit', before);
  events.on('exit', last);
  return () => {
    events.removeListener('beforeExit', before);
    events.removeListener('exit', last);
  };
}

/**
 * Calls `onSignal` when the process is told to end. Listens only where somebody else does already: a listener
 * of ours alone would switch the signal's default off, and leaves after the first signal for the same reason.
 */
export function watchSignals(events: ProcessEvents, onSignal: () => void): void {
  for (const signal of signals) {
    if (events.listenerCount(signal) > 0) events.once(signal, onSignal);
  }
}
