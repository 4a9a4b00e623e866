import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Delivered } from '../declarers/fallback.ts';
import type { DeclareRequest, DeclareResult } from '../vocabulary.ts';
import { createCoordinator } from './coordinator.ts';

const verdicts = {
  success: { accepted: true, outcome: 'declared', upstreamStatus: 204 },
  terminal: {
    accepted: false,
    outcome: 'declared',
    verdict: 'terminal',
    upstreamStatus: 422,
    message: 'over',
  },
  transient: {
    accepted: false,
    outcome: 'declared',
    verdict: 'transient',
    upstreamStatus: 503,
    message: 'busy',
  },
  unknown: { accepted: false, outcome: 'declared', verdict: 'unknown', message: 'no way' },
} as const satisfies Record<string, DeclareResult>;

type Ending = keyof typeof verdicts | 'crash';

/** A declaration that takes until the test ends it. */
function manual() {
  const calls: { request: DeclareRequest; signal: AbortSignal; end: (ending: Ending) => void }[] = [];
  const declare = (request: DeclareRequest, signal: AbortSignal) =>
    new Promise<Delivered>((resolve, reject) => {
      const end = (ending: Ending) =>
        ending === 'crash'
          ? reject(new Error('crash'))
          : resolve({ result: verdicts[ending], by: 'Job API' });
      calls.push({ request, signal, end });
    });
  return { calls, declare };
}

const request = (exitStatus: number, reason = 'a test failed'): DeclareRequest => ({ exitStatus, reason });
const forEver = () => new Promise<void>(() => {});
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

describe('a coordinator', () => {
  it('makes one declaration for 1000 concurrent callers, with the first reason', async () => {
    const { calls, declare } = manual();
    const coordinator = createCoordinator(declare, { sleep: forEver });
    const callers = Array.from({ length: 1000 }, (_, n) => coordinator.declare(request(1, `reason ${n}`)));
    await turn();
    calls[0]?.end('success');
    const outcomes = (await Promise.all(callers)).map(({ result }) => result.outcome);
    expect(calls.map((call) => call.request)).toEqual([request(1, 'reason 0')]);
    expect(outcomes).toEqual(['declared', ...Array.from({ length: 999 }, () => 'debounced')]);
  });

  it.each([
    ['success', 1],
    ['terminal', 1],
    ['transient', 2],
    ['unknown', 2],
  ] as const)('after %s has declared %i times for two calls', async (ending, expected) => {
    const { calls, declare } = manual();
    const coordinator = createCoordinator(declare, { sleep: forEver });
    for (let n = 0; n < 2; n++) {
      const caller = coordinator.declare(request(1));
      await turn();
      calls[n]?.end(ending);
      expect((await caller).result.accepted).toBe(ending === 'success');
    }
    expect(calls.length).toBe(expected);
  });

  it('releases all who wait when the declaration crashes, and tries afresh', async () => {
    const { calls, declare } = manual();
    const coordinator = createCoordinator(declare, { sleep: forEver });
    const callers = Array.from({ length: 50 }, () => coordinator.declare(request(1)));
    await turn();
    calls[0]?.end('crash');
    const settled = await Promise.allSettled(callers);
    expect(settled.every(({ status }) => status === 'rejected')).toBe(true);

    const next = coordinator.declare(request(1));
    await turn();
    calls[1]?.end('success');
    expect((await next).result).toEqual(verdicts.success);
  });

  it('forgets a declaration that throws at once', async () => {
    let calls = 0;
    const coordinator = createCoordinator(() => {
      if (calls++ === 0) throw new Error('at once');
      return Promise.resolve({ result: verdicts.success, by: 'Job API' });
    });
    await expect(coordinator.declare(request(1))).rejects.toThrow('at once');
    expect((await coordinator.declare(request(1))).result).toEqual(verdicts.success);
  });

  it('declares each exit status on its own', async () => {
    const { calls, declare } = manual();
    const coordinator = createCoordinator(declare, { sleep: forEver });
    const callers = [coordinator.declare(request(1)), coordinator.declare(request(2))];
    await turn();
    calls[1]?.end('terminal');
    calls[0]?.end('success');
    const results = (await Promise.all(callers)).map(({ result }) => result);
    expect(results).toEqual([verdicts.success, verdicts.terminal]);
  });

  it('says when it is of use to ask again: later and later after a refusal that may change', async () => {
    const { calls, declare } = manual();
    const waits: { ms: number; end: () => void }[] = [];
    let [now, due] = [1000, 0];
    const coordinator = createCoordinator(declare, {
      now: () => now,
      sleep: (ms) => new Promise((end) => waits.push({ ms, end })),
      onDue: () => due++,
    });
    expect(coordinator.waitMs(1)).toBe(0);
    for (let made = 0; made < 7; made++) {
      const caller = coordinator.declare(request(1));
      await turn();
      calls[made]?.end(made % 2 === 0 ? 'transient' : 'unknown');
      await caller;
      await turn();
      const wait = waits[made];
      expect(coordinator.waitMs(1)).toBe(wait?.ms);
      now += 500;
      expect(coordinator.waitMs(1)).toBe((wait?.ms ?? 0) - 500);
      expect(due).toBe(made);
      wait?.end();
      await turn();
      expect([coordinator.waitMs(1), due]).toEqual([0, made + 1]);
    }
    expect(waits.map(({ ms }) => ms / 1000)).toEqual([2, 4, 8, 16, 32, 60, 60]);
    expect(coordinator.waitMs(2)).toBe(0);
  });

  it.each(['success', 'terminal'] as const)('sees no use in asking again after %s', async (ending) => {
    const { calls, declare } = manual();
    const coordinator = createCoordinator(declare, { sleep: forEver });
    const caller = coordinator.declare(request(1));
    await turn();
    calls[0]?.end(ending);
    await caller;
    expect(coordinator.waitMs(1)).toBe(Number.POSITIVE_INFINITY);
  });

  it('passes the end of its life on to the declaration', async () => {
    const { calls, declare } = manual();
    const life = new AbortController();
    const caller = createCoordinator(declare, { lifetime: life.signal }).declare(request(1));
    await turn();
    life.abort();
    expect(calls[0]?.signal.aborted).toBe(true);
    calls[0]?.end('crash');
    await expect(caller).rejects.toThrow();
  });
});

/** The rules of the agent's own debouncing, as plainly as they can be put. */
class Model {
  readonly #status = new Map<number, Ending | 'in flight'>();
  readonly expected: (Ending | undefined)[] = [];
  declarations = 0;
  readonly #waiting = new Map<number, number[]>();

  call(status: number): void {
    const caller = this.expected.push(undefined) - 1;
    const known = this.#status.get(status);
    if (known === 'success' || known === 'terminal') this.expected[caller] = known;
    else if (known === 'in flight') this.#waiting.get(status)?.push(caller);
    else {
      this.declarations++;
      this.#status.set(status, 'in flight');
      this.#waiting.set(status, [caller]);
    }
  }

  end(status: number, ending: Ending): boolean {
    if (this.#status.get(status) !== 'in flight') return false;
    for (const caller of this.#waiting.get(status) ?? []) this.expected[caller] = ending;
    this.#status.set(status, ending);
    return true;
  }
}

describe('a coordinator in any order of calls and endings', () => {
  const status = fc.integer({ min: 1, max: 3 });
  const ending = fc.constantFrom<Ending>('success', 'terminal', 'transient', 'unknown', 'crash');
  const event = fc.oneof(
    fc.record({ type: fc.constant('call' as const), status, ending: fc.constant<Ending>('success') }),
    fc.record({ type: fc.constant('end' as const), status, ending }),
  );

  it('agrees with the model', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(event, { maxLength: 60 }), async (events) => {
        const { calls, declare } = manual();
        const coordinator = createCoordinator(declare, { sleep: forEver });
        const model = new Model();
        const seen: (Ending | undefined)[] = [];
        const declared: boolean[] = [];
        for (const each of events) {
          if (each.type === 'call') {
            model.call(each.status);
            const caller = seen.push(undefined) - 1;
            coordinator.declare(request(each.status)).then(
              ({ result }) => {
                seen[caller] = result.accepted ? 'success' : result.verdict;
                declared[caller] = result.outcome === 'declared';
              },
              () => {
                seen[caller] = 'crash';
              },
            );
          } else if (model.end(each.status, each.ending)) {
            calls.findLast((call) => call.request.exitStatus === each.status)?.end(each.ending);
          }
          await turn();
          expect(seen).toEqual(model.expected);
          expect(calls.length).toBe(model.declarations);
        }
        expect(declared.filter(Boolean).length).toBeLessThanOrEqual(calls.length);
      }),
      { numRuns: 300 },
    );
  });
});
