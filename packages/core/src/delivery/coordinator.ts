import type { Declare, Delivered } from '../declarers/fallback.ts';
import type { DeclareRequest } from '../vocabulary.ts';

/** Many callers, one declaration. */
export interface Coordinator {
  /**
   * Declares, or shares what another call for the same exit status brings or has brought (`debounced`).
   * Rejects when the declaration crashes, for all who wait for it. `signal` ends this caller's waiting only.
   */
  declare(request: DeclareRequest, signal?: AbortSignal): Promise<Delivered>;
}

/**
 * Single flight per exit status: the first caller's reason is the one that travels. Acceptance and terminal
 * refusals are remembered; transient, unknown and crashed declarations are forgotten, so that the next call
 * tries afresh. `lifetime` ends a declaration under way, which outlives its callers otherwise.
 * Source: buildkite/agent jobapi/promise_failure.go.
 */
export function createCoordinator(
  declare: Declare,
  lifetime: AbortSignal = new AbortController().signal,
): Coordinator {
  const flights = new Map<number, Promise<Delivered>>();

  async function fly(request: DeclareRequest): Promise<Delivered> {
    // Not before the flight is on the map: a declaration that fails at once must find itself there to remove.
    await undefined;
    let keep = false;
    try {
      const delivered = await declare(request, lifetime);
      keep = delivered.result.accepted || delivered.result.verdict === 'terminal';
      return delivered;
    } finally {
      if (!keep) flights.delete(request.exitStatus);
    }
  }

  return {
    async declare(request, signal) {
      signal?.throwIfAborted();
      const known = flights.get(request.exitStatus);
      if (known !== undefined) return debounced(await waitFor(known, signal));
      const flight = fly(request);
      flights.set(request.exitStatus, flight);
      return waitFor(flight, signal);
    },
  };
}

function debounced({ result, by }: Delivered): Delivered {
  return { result: { ...result, outcome: 'debounced' }, by };
}

function waitFor<T>(flight: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (signal === undefined) return flight;
  return new Promise((resolve, reject) => {
    const leave = () => reject(signal.reason);
    signal.addEventListener('abort', leave, { once: true });
    flight.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
  });
}
