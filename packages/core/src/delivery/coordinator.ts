import { monotonicMs } from '../clock.ts';
import type { Declare, Delivered } from '../declarers/fallback.ts';
import { type Sleep, sleep as sleepReally } from '../sleep.ts';
import type { DeclareRequest } from '../vocabulary.ts';

/** Many callers, one declaration. */
export interface Coordinator {
  /**
   * Declares, or shares what another call for the same exit status brings or has brought (`debounced`).
   * Rejects when the declaration crashes, for all who wait for it.
   */
  declare(request: DeclareRequest): Promise<Delivered>;
  /**
   * Milliseconds until it is of use to ask for this exit status: none before the first verdict, some after one that
   * may change, `Infinity` after one that will not.
   */
  waitMs(exitStatus: number): number;
}

export interface CoordinatorSeams {
  /** Ends a declaration under way and all waiting for a further one. */
  readonly lifetime?: AbortSignal;
  /** Monotonic milliseconds. */
  readonly now?: () => number;
  readonly sleep?: Sleep;
  /** Told when the wait after a verdict that may change is over. */
  readonly onDue?: () => void;
}

/** Milliseconds to wait after so many declarations for one exit status came to nothing: 2, 4, 8, 16, 32, 60, 60 s. */
function nextTryMs(made: number): number {
  return Math.min(60_000, 1000 * 2 ** made);
}

interface Status {
  flight: Promise<Delivered> | undefined;
  made: number;
  dueAt: number;
}

/**
 * Single flight per exit status: the first caller's reason is the one that travels. Acceptance and terminal
 * refusals are remembered; transient, unknown and crashed declarations are forgotten, so that the next call
 * tries afresh, which it is told to do later and later. Source: buildkite/agent jobapi/promise_failure.go.
 */
export function createCoordinator(declare: Declare, seams: CoordinatorSeams = {}): Coordinator {
  const {
    lifetime = new AbortController().signal,
    now = monotonicMs,
    sleep = sleepReally,
    onDue = () => {},
  } = seams;
  const statuses = new Map<number, Status>();

  async function fly(request: DeclareRequest, status: Status): Promise<Delivered> {
    // Not before the flight is on the map: a declaration that fails at once must find itself there to remove.
    await undefined;
    let settled = false;
    try {
      const delivered = await declare(request, lifetime);
      settled = delivered.result.accepted || delivered.result.verdict === 'terminal';
      return delivered;
    } finally {
      if (settled) status.dueAt = Number.POSITIVE_INFINITY;
      else tryLater(status);
    }
  }

  function tryLater(status: Status): void {
    status.flight = undefined;
    status.made++;
    const ms = nextTryMs(status.made);
    status.dueAt = now() + ms;
    const due = () => {
      // Not compared with the clock, of which timers may be a little ahead.
      status.dueAt = Number.NEGATIVE_INFINITY;
      onDue();
    };
    sleep(ms, lifetime).then(due, () => {});
  }

  return {
    waitMs(exitStatus) {
      return Math.max(0, (statuses.get(exitStatus)?.dueAt ?? Number.NEGATIVE_INFINITY) - now());
    },
    async declare(request) {
      const status = statuses.get(request.exitStatus) ?? {
        flight: undefined,
        made: 0,
        dueAt: Number.NEGATIVE_INFINITY,
      };
      statuses.set(request.exitStatus, status);
      if (status.flight !== undefined) return debounced(await status.flight);
      status.flight = fly(request, status);
      return status.flight;
    },
  };
}

function debounced({ result, by }: Delivered): Delivered {
  return { result: { ...result, outcome: 'debounced' }, by };
}
