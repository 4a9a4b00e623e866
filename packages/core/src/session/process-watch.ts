import { overhearSignals } from './overheard-signals.ts';

type Listener = (...args: unknown[]) => unknown;

/** What is watched of `process`; a parameter, so that tests can end a process many times. */
export interface WatchedProcess {
  exitCode?: typeof process.exitCode;
  emit(event: string | symbol, ...args: unknown[]): boolean;
  on(event: string, listener: Listener): unknown;
  removeListener(event: string, listener: Listener): unknown;
  rawListeners(event: string): unknown[];
  reallyExit?: (code?: number) => unknown;
}

/** Told of the process's end as it comes. */
export interface ProcessWatcher {
  /** A signal that tells the process to end has been handed to somebody's listener. */
  signalled(): void;
  /** The process has nothing left to do; what is started now keeps it alive. */
  idle(): void;
  /** Its last moment, with the exit status on which everybody else has had a say. Nothing asynchronous runs any more. */
  ended(status: number): void;
}

/** Those that an agent, a terminal or a closed one sends to end a process; the agent's can be chosen (`cancel-signal`). */
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGBREAK'];
const watched = new WeakMap<WatchedProcess, Set<ProcessWatcher>>();

/**
 * Watches without a listener. A listener for a signal would make signal-exit 3 and 4, and so half of npm, believe that
 * somebody else ends the process; one for `exit` comes before or after others that still set the exit code (Jest sets
 * it in one of its own) and never where one of them exits itself (Vitest 3). So `emit` and `reallyExit` are led
 * through here once per process, as signal-exit does it. Returns the function that stops watching.
 */
export function watchProcess(target: WatchedProcess, watcher: ProcessWatcher): () => void {
  let watchers = watched.get(target);
  if (watchers === undefined) {
    watchers = new Set();
    watched.set(target, watchers);
    leadThrough(target, watchers);
  }
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

function leadThrough(target: WatchedProcess, watchers: ReadonlySet<ProcessWatcher>): void {
  const { emit, reallyExit } = target;
  let over = false;
  const end = (code: unknown) => {
    if (over) return;
    over = true;
    for (const watcher of watchers) watcher.ended(Number(target.exitCode ?? code ?? 0));
  };
  const signalled = () => {
    for (const watcher of watchers) watcher.signalled();
  };

  target.emit = function (this: WatchedProcess, event, ...args) {
    // Jest's sandbox in band has a copy of `process`, with this function among its own.
    if (this !== target) return Reflect.apply(emit, this, [event, ...args]);
    if (signals.includes(String(event))) signalled();
    const heard = Reflect.apply(emit, this, [event, ...args]);
    if (event === 'beforeExit') for (const watcher of watchers) watcher.idle();
    if (event === 'exit') end(args[0]);
    return heard;
  };
  if (reallyExit !== undefined) {
    target.reallyExit = function (this: WatchedProcess, code) {
      end(code);
      return Reflect.apply(reallyExit, this, [code]);
    };
  }
  // Node hands a signal to the `emit` of the time at which its first listener came, which may be long ago.
  for (const signal of signals) overhearSignals(target, signal, signalled);
}
