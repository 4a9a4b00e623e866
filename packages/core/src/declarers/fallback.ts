import { type Sleep, sleep as sleepReally } from '../sleep.ts';
import type { DeclareRequest, DeclareResult, Declarer, DeclarerName } from '../vocabulary.ts';

/** A verdict and the declarer that brought it. */
export interface Delivered {
  readonly result: DeclareResult;
  readonly by: DeclarerName;
}

/** Declares one way or another. Rejects only when `signal` is aborted. */
export type Declare = (request: DeclareRequest, signal: AbortSignal) => Promise<Delivered>;

export interface FallbackSeams {
  readonly sleep?: Sleep | undefined;
  /** Told which declarer is passed over, and why. */
  readonly onHandOver?: ((from: DeclarerName, why: string) => void) | undefined;
}

/**
 * Asks `declarers` in order of preference until one brings a verdict, good or bad. One that is unavailable, or
 * crashes, hands over at once; one that is silent for its patience is joined by the next, and the first settled
 * verdict counts. Safe because the endpoint is idempotent for one exit status: what was lost may be sent again.
 * A recovered better declarer takes over only when nothing is in flight. None left: a refusal, `unknown`.
 */
export function createFallback(declarers: readonly Declarer[], seams: FallbackSeams = {}): Declare {
  const { sleep = sleepReally, onHandOver = () => {} } = seams;
  let inFlight = 0;
  let preferred = 0;

  async function declareFrom(
    index: number,
    request: DeclareRequest,
    signal: AbortSignal,
    passed: readonly string[],
  ): Promise<Delivered> {
    const declarer = declarers[index];
    if (declarer === undefined) return nobodyLeft(declarers, passed);
    const { name, patienceMs } = declarer;

    const handOver = (why: string): Promise<Delivered> => {
      signal.throwIfAborted();
      preferred = Math.max(preferred, index + 1);
      onHandOver(name, why);
      return declareFrom(index + 1, request, signal, [...passed, `${name}: ${why}`]);
    };

    const own = ask(declarer, request, signal);
    if (patienceMs !== undefined && (await isSilent(own, patienceMs, sleep))) {
      const other = handOver(`no answer for ${patienceMs / 1000} s`);
      return firstSettled(
        own.then((verdict) => (verdict instanceof Error ? other : verdict)),
        other,
      );
    }
    const verdict = await own;
    return verdict instanceof Error ? handOver(verdict.message) : verdict;
  }

  return async (request, signal) => {
    if (inFlight === 0) preferred = 0;
    inFlight++;
    // Not AbortSignal.any: Node 20 may collect such a signal while it is waited for.
    const own = new AbortController();
    const forward = () => own.abort(signal.reason);
    signal.addEventListener('abort', forward);
    try {
      signal.throwIfAborted();
      return await declareFrom(Math.min(preferred, declarers.length - 1), request, own.signal, []);
    } finally {
      inFlight--;
      signal.removeEventListener('abort', forward);
      own.abort();
    }
  };
}

/** A rejection becomes a value, with why to hand over; an abort stays one. */
async function ask(
  declarer: Declarer,
  request: DeclareRequest,
  signal: AbortSignal,
): Promise<Delivered | Error> {
  try {
    return { result: await declarer.declare(request, signal), by: declarer.name };
  } catch (error) {
    signal.throwIfAborted();
    return error instanceof Error ? error : new Error(String(error));
  }
}

async function isSilent(answer: Promise<unknown>, ms: number, sleep: Sleep): Promise<boolean> {
  const answered = new AbortController();
  const patience = sleep(ms, answered.signal).then(() => true);
  try {
    return await Promise.race([answer.then(() => false), patience]);
  } finally {
    answered.abort();
  }
}

/** The first verdict that repeating cannot change; failing that, what the preferred one said. */
function firstSettled(preferred: Promise<Delivered>, other: Promise<Delivered>): Promise<Delivered> {
  const ifSettled = (delivered: Delivered) => {
    const { result } = delivered;
    return result.accepted || result.verdict === 'terminal' ? delivered : Promise.reject();
  };
  return Promise.any([preferred.then(ifSettled), other.then(ifSettled)]).catch(() => preferred);
}

function nobodyLeft(declarers: readonly Declarer[], passed: readonly string[]): Delivered {
  const message =
    passed.length === 0
      ? 'the job has neither a Job API socket nor an access token'
      : `no way to Buildkite is open: ${passed.join('; ')}`;
  return {
    result: { accepted: false, outcome: 'declared', verdict: 'unknown', message },
    by: declarers.at(-1)?.name ?? 'Agent API',
  };
}
