/** Callers that ask for the same thing at the same time share one answer. */
export interface SingleFlight<T> {
  /**
   * Resolves as `fly` does, which is called only where none of this name is under way. Each caller leaves with its
   * own signal's reason; the flight's signal is aborted when the last one has left.
   */
  join(name: string, signal: AbortSignal, fly: (signal: AbortSignal) => Promise<T>): Promise<T>;
}

interface Flight<T> {
  readonly landed: Promise<T>;
  readonly control: AbortController;
  callers: number;
}

/** Creates a single flight per name. */
export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>();

  function takeOff(name: string, fly: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const control = new AbortController();
    const landed = fly(control.signal).finally(() => {
      if (flights.get(name) === flight) flights.delete(name);
    });
    const flight: Flight<T> = { landed, control, callers: 0 };
    // Whoever still waits is told; a flight that all have left fails unseen.
    landed.catch(() => {});
    flights.set(name, flight);
    return flight;
  }

  return {
    async join(name, signal, fly) {
      signal.throwIfAborted();
      const flight = flights.get(name) ?? takeOff(name, fly);
      flight.callers++;
      const leave = () => {
        if (--flight.callers > 0) return;
        if (flights.get(name) === flight) flights.delete(name);
        flight.control.abort(signal.reason);
      };
      return await new Promise<T>((resolve, reject) => {
        const left = () => {
          leave();
          reject(signal.reason);
        };
        signal.addEventListener('abort', left, { once: true });
        flight.landed.then(resolve, reject).finally(() => signal.removeEventListener('abort', left));
      });
    },
  };
}
