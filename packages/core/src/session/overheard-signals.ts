type Listener = ((...args: unknown[]) => unknown) & { listener?: unknown };

/** The parts of `process` whose listeners are overheard. */
export interface Signalled {
  on(event: string, listener: Listener): unknown;
  removeListener(event: string, listener: Listener): unknown;
  rawListeners(event: string): unknown[];
}

/**
 * Calls `heard` whenever one of the present listeners for `signal` is called, ahead of it. To everybody else nothing
 * has changed: their number, their order and `listeners()` are the same, and each can be removed by the function it
 * was added with, as Node's own `once` has it. The number is never 0 in between, for then Node would drop a signal that
 * has arrived while this thread was busy, and the next one would kill the process.
 */
export function overhearSignals(target: Signalled, signal: string, heard: () => void): void {
  const present = target.rawListeners(signal) as Listener[];
  const overheard = present.map((listener) => {
    const isOnce = listener.name === 'bound onceWrapper';
    const wrapper: Listener = function (this: unknown, ...args) {
      heard();
      if (isOnce) target.removeListener(signal, wrapper);
      return Reflect.apply(listener, this, args);
    };
    return wrapper;
  });
  for (const [index, listener] of present.entries()) {
    const wrapper = overheard[index];
    if (wrapper === undefined) continue;
    // More at a time than before would warn of a leak.
    if (present.length > 1) target.removeListener(signal, listener);
    target.on(signal, wrapper);
    if (present.length === 1) target.removeListener(signal, listener);
  }
  // Not before all are in place: a function that listens twice would take its first wrapper for itself.
  for (const [index, wrapper] of overheard.entries()) {
    wrapper.listener = present[index]?.listener ?? present[index];
  }
}
