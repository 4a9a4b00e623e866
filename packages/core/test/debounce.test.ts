import { startSimulator } from '@promise-failure/simulator';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createJobApi } from '../src/declarers/job-api.ts';
import { createCoordinator } from '../src/delivery/coordinator.ts';
import type { DeclareRequest, DeclareResult } from '../src/vocabulary.ts';

type Debouncer = 'coordinator' | 'agent';
type Ending = 'success' | 'terminal' | 'transient' | 'crash';
type Event = { readonly type: 'call' | 'end'; readonly status: number; readonly ending: Ending };

const upstream = { success: { status: 204 }, terminal: { status: 422, error: 'over' } } as const;
const told = { success: 204, terminal: 422, transient: 503, crash: 500 } as const;

/** The rules as plainly as they can be put: what is declared, and what the callers of a status are told. */
class Model {
  readonly #states = new Map<number, { ending: Ending | undefined; waiting: number }>();
  declarations = 0;
  calls = 0;
  readonly told: number[] = [];

  call(status: number): void {
    this.calls++;
    const state = this.#states.get(status);
    if (state?.ending === 'success' || state?.ending === 'terminal') this.told.push(told[state.ending]);
    else if (state !== undefined && state.ending === undefined) state.waiting++;
    else {
      this.declarations++;
      this.#states.set(status, { ending: undefined, waiting: 1 });
    }
  }

  /** Whether there was anything to end. */
  end(status: number, ending: Ending): boolean {
    const state = this.#states.get(status);
    if (state === undefined || state.ending !== undefined) return false;
    this.told.push(...Array.from({ length: state.waiting }, () => told[ending]));
    state.ending = ending;
    return true;
  }
}

/** Our coordinator before a Job API on a real socket, or that Job API alone, with declarations ended by hand. */
async function stage(debouncer: Debouncer) {
  const underWay = new Map<number, (ending: Ending) => void>();
  const seen = { declarations: 0, told: [] as (number | undefined)[] };
  const simulator = await startSimulator();
  const job = await simulator.createJob({
    jobApi: {
      declare: (exitStatus) =>
        new Promise((resolve, reject) => {
          seen.declarations++;
          underWay.set(exitStatus, (ending) => {
            if (ending === 'crash') reject(new Error('crash'));
            else resolve(ending === 'transient' ? { status: 503, error: 'busy' } : upstream[ending]);
          });
        }),
    },
  });
  const jobApi = createJobApi(job.env);
  const ask = async (request: DeclareRequest, signal: AbortSignal) => {
    const result: DeclareResult = await jobApi.declare(request, signal);
    return { result, by: jobApi.name };
  };
  const coordinator = createCoordinator(ask);
  const call = async (exitStatus: number) => {
    const request = { exitStatus, reason: 'a test failed' };
    const { result } =
      debouncer === 'agent'
        ? await ask(request, new AbortController().signal)
        : await coordinator.declare(request);
    seen.told.push(result.upstreamStatus);
  };
  return {
    ...{ seen, call, close: () => simulator.close() },
    requests: () => job.jobApi?.requests.length ?? 0,
    end: (status: number, ending: Ending) => underWay.get(status)?.(ending),
  };
}

async function until(done: () => boolean): Promise<void> {
  const deadline = performance.now() + 10_000;
  while (!done()) {
    if (performance.now() > deadline) throw new Error('it never came');
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
}

async function play(debouncer: Debouncer, events: readonly Event[]): Promise<void> {
  const { seen, call, end, requests, close } = await stage(debouncer);
  const model = new Model();
  try {
    const calls: Promise<void>[] = [];
    const lastEndings = [1, 2].map((status): Event => ({ type: 'end', status, ending: 'success' }));
    for (const { type, status, ending } of [...events, ...lastEndings]) {
      if (type === 'call') {
        model.call(status);
        calls.push(call(status));
      } else if (model.end(status, ending)) end(status, ending);
      const sent = debouncer === 'agent' ? model.calls : model.declarations;
      await until(
        () =>
          seen.told.length >= model.told.length &&
          seen.declarations >= model.declarations &&
          requests() >= sent,
      );
    }
    await Promise.all(calls);
    expect(seen.told.toSorted()).toEqual(model.told.toSorted());
    expect(seen.declarations).toBe(model.declarations);
    expect(requests()).toBe(debouncer === 'agent' ? model.calls : model.declarations);
  } finally {
    await close();
  }
}

const event: fc.Arbitrary<Event> = fc.record({
  type: fc.constantFrom('call', 'end'),
  status: fc.constantFrom(1, 2),
  ending: fc.constantFrom('success', 'terminal', 'transient', 'crash'),
});

it.each(['coordinator', 'agent'] as const)(
  'the %s debounces as the model does, over a real socket',
  {
    timeout: 60_000,
  },
  async (debouncer) => {
    const events = fc.array(event, { maxLength: 25 });
    await fc.assert(
      fc.asyncProperty(events, (each) => play(debouncer, each)),
      { numRuns: 40 },
    );
  },
);
