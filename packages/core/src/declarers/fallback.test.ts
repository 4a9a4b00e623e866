import { getEventListeners } from 'node:events';
import { describe, expect, it } from 'vitest';
import { DeclarerUnavailableError } from '../http/errors.ts';
import { sleep } from '../sleep.ts';
import type { DeclareResult, Declarer, DeclarerName } from '../vocabulary.ts';
import { createFallback, type Delivered } from './fallback.ts';

const request = { exitStatus: 1, reason: 'a test failed' };
const ever = new AbortController().signal;
const accepted: DeclareResult = { accepted: true, outcome: 'declared' };
const refused = (verdict: 'terminal' | 'transient' | 'unknown'): DeclareResult => ({
  ...{ accepted: false, outcome: 'declared', verdict, message: 'no' },
});
const gone = new DeclarerUnavailableError('gone', 'it is gone');
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A declarer that each time takes until the test ends it. */
function manual(name: DeclarerName, patienceMs?: number) {
  const calls: { end: (how: DeclareResult | Error) => void; signal: AbortSignal }[] = [];
  const declarer: Declarer = {
    name,
    ...(patienceMs !== undefined && { patienceMs }),
    declare: (_, signal) =>
      new Promise((resolve, reject) => {
        signal.addEventListener('abort', () => reject(signal.reason));
        calls.push({ signal, end: (how) => (how instanceof Error ? reject(how) : resolve(how)) });
      }),
  };
  return { calls, declarer };
}

/** A declarer that ends at once, the same way each time. */
function instant(name: DeclarerName, how: DeclareResult | Error): Declarer {
  return { name, declare: () => (how instanceof Error ? Promise.reject(how) : Promise.resolve(how)) };
}

describe('declarers in order', () => {
  it.each([
    ['acceptance', accepted],
    ['a terminal refusal', refused('terminal')],
    ['a transient refusal', refused('transient')],
    ['an unknown refusal', refused('unknown')],
  ] as const)('stop at %s', async (_, result) => {
    const second = manual('Agent API');
    const declare = createFallback([instant('Job API', result), second.declarer]);
    expect(await declare(request, ever)).toEqual({ result, by: 'Job API' });
    expect(second.calls).toEqual([]);
  });

  it('hand over at once and tell why', async () => {
    const told: unknown[] = [];
    const declare = createFallback([instant('Job API', gone), instant('Agent API', accepted)], {
      onHandOver: (from, why) => told.push([from, why]),
    });
    expect(await declare(request, ever)).toEqual({ result: accepted, by: 'Agent API' });
    expect(told).toEqual([['Job API', 'it is gone']]);
  });

  it('end with what each of them says when none is left', async () => {
    const { result, by } = await createFallback([instant('Job API', gone), instant('Agent API', gone)])(
      request,
      ever,
    );
    expect(by).toBe('Agent API');
    expect(result).toEqual({
      ...{ accepted: false, outcome: 'declared', verdict: 'unknown' },
      message: 'no way to Buildkite is open: Job API: it is gone; Agent API: it is gone',
    });
  });

  it('end in the name of the last one', async () => {
    const declarers = (['Job API', 'Agent API', 'buildkite-agent'] as const).map((name) =>
      instant(name, gone),
    );
    for (let count = 1; count <= declarers.length; count++) {
      const { by } = await createFallback(declarers.slice(0, count))(request, ever);
      expect(by).toBe(declarers[count - 1]?.name);
    }
  });

  it('end with a refusal that tells what the job lacks when there are none', async () => {
    expect(await createFallback([])(request, ever)).toEqual({
      result: {
        ...{ accepted: false, outcome: 'declared', verdict: 'unknown' },
        message: 'the job has neither a Job API socket nor an access token',
      },
      by: 'Agent API',
    });
  });

  it.each([
    ['rejects', () => Promise.reject(new TypeError('x is not a function'))],
    ['throws', () => assertNever()],
    ['rejects with no error', () => Promise.reject('text')],
  ] as const)('hand over when one %s', async (_, declare) => {
    const crashing: Declarer = { name: 'Job API', declare };
    const delivered = await createFallback([crashing, instant('Agent API', accepted)])(request, ever);
    expect(delivered.by).toBe('Agent API');
  });
});

function assertNever(): never {
  throw new TypeError('x is not a function');
}

describe('a better declarer that has recovered', () => {
  it('is asked again when nothing is in flight', async () => {
    const first = manual('Job API');
    const declare = createFallback([first.declarer, instant('Agent API', accepted)]);
    const before = declare(request, ever);
    first.calls[0]?.end(gone);
    expect((await before).by).toBe('Agent API');
    const after = declare(request, ever);
    first.calls[1]?.end(accepted);
    expect((await after).by).toBe('Job API');
  });

  it('is not asked while another declaration is in flight', async () => {
    const [first, second] = [manual('Job API'), manual('Agent API')];
    const declare = createFallback([first.declarer, second.declarer]);
    const early = declare(request, ever);
    first.calls[0]?.end(gone);
    await turn();
    const late = declare({ ...request, exitStatus: 2 }, ever);
    for (const { end } of second.calls) end(accepted);
    expect((await Promise.all([early, late])).map(({ by }) => by)).toEqual(['Agent API', 'Agent API']);
    expect(first.calls.length).toBe(1);
  });

  it('leaves the last one to be asked when all have been passed over and one may still answer', async () => {
    const [first, second] = [manual('Job API', 1000), manual('Agent API')];
    const declare = createFallback([first.declarer, second.declarer], { sleep: async () => {} });
    const early = declare(request, ever);
    await turn();
    second.calls[0]?.end(gone);
    await turn();
    const late = declare({ ...request, exitStatus: 2 }, ever);
    second.calls[1]?.end(accepted);
    expect(await late).toEqual({ result: accepted, by: 'Agent API' });
    first.calls[0]?.end(accepted);
    expect((await early).by).toBe('Job API');
  });
});

describe('a declarer that is silent for its patience', () => {
  /** Both have been asked; the patience of the first is over. */
  async function bothAsked() {
    const [first, second] = [manual('Job API', 1000), manual('Agent API')];
    const waits: number[] = [];
    const told: unknown[] = [];
    const controller = new AbortController();
    const declare = createFallback([first.declarer, second.declarer], {
      sleep: async (ms) => void waits.push(ms),
      onHandOver: (from, why) => told.push([from, why]),
    });
    const delivered = declare(request, controller.signal);
    await turn();
    const end = async (which: typeof first, how: DeclareResult | Error) => {
      which.calls[0]?.end(how);
      await turn();
    };
    return { first, second, waits, told, controller, delivered, end };
  }

  it('is joined by the next one', async () => {
    const { first, second, waits, told, delivered, end } = await bothAsked();
    expect([first.calls.length, second.calls.length, waits]).toEqual([1, 1, [1000]]);
    expect(told).toEqual([['Job API', 'no answer for 1 s']]);
    await end(second, accepted);
    expect(await delivered).toEqual({ result: accepted, by: 'Agent API' });
    expect(first.calls[0]?.signal.aborted).toBe(true);
  });

  it.each([accepted, refused('terminal')])('may still win with %o', async (result) => {
    const { first, second, delivered, end } = await bothAsked();
    await end(first, result);
    expect(await delivered).toEqual({ result, by: 'Job API' });
    expect(second.calls[0]?.signal.aborted).toBe(true);
  });

  it.each([
    ['transient', accepted, 'Job API'],
    ['unknown', refused('terminal'), 'Job API'],
  ] as const)('is waited for when the next one ends as %s', async (verdict, result, by) => {
    const { first, second, delivered, end } = await bothAsked();
    await end(second, refused(verdict));
    await end(first, result);
    expect(await delivered).toEqual({ result, by });
  });

  it('leaves the verdict to the next one when it turns out to be unavailable', async () => {
    const { first, second, delivered, end } = await bothAsked();
    await end(first, gone);
    await end(second, refused('transient'));
    expect(await delivered).toEqual({ result: refused('transient'), by: 'Agent API' });
  });

  it('has the last word when neither brings a final verdict', async () => {
    const { first, second, delivered, end } = await bothAsked();
    await end(first, refused('unknown'));
    await end(second, refused('transient'));
    expect(await delivered).toEqual({ result: refused('unknown'), by: 'Job API' });
  });

  it('may crash without harm to the next one', async () => {
    const { first, second, delivered, end } = await bothAsked();
    await end(first, new Error('crash'));
    await end(second, accepted);
    expect((await delivered).by).toBe('Agent API');
  });

  it('is not joined when it answers in time, and nothing waits on', async () => {
    const [first, second] = [manual('Job API', 60_000), manual('Agent API')];
    const waits: AbortSignal[] = [];
    const declare = createFallback([first.declarer, second.declarer], {
      sleep: (ms, signal) => {
        waits.push(signal);
        return sleep(ms, signal);
      },
    });
    const delivered = declare(request, ever);
    first.calls[0]?.end(accepted);
    expect((await delivered).by).toBe('Job API');
    expect(second.calls).toEqual([]);
    expect(waits.map(({ aborted }) => aborted)).toEqual([true]);
  });

  it('ends with the next one, for the same reason, when the run is over', async () => {
    const { first, second, controller, delivered } = await bothAsked();
    const reason = new Error('the run is over');
    controller.abort(reason);
    await expect(delivered).rejects.toBe(reason);
    expect([first, second].map(({ calls }) => calls[0]?.signal.aborted)).toEqual([true, true]);
  });
});

describe('an abort', () => {
  const reason = new Error('the run is over');

  it('ends a declaration with its reason, and asks nobody else', async () => {
    const [first, second] = [manual('Job API', 60_000), manual('Agent API')];
    const controller = new AbortController();
    const delivered: Promise<Delivered> = createFallback([first.declarer, second.declarer])(
      request,
      controller.signal,
    );
    controller.abort(reason);
    await expect(delivered).rejects.toBe(reason);
    expect(second.calls).toEqual([]);
  });

  it('before the declaration asks nobody', async () => {
    const first = manual('Job API');
    await expect(createFallback([first.declarer])(request, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(first.calls).toEqual([]);
  });

  it('finds nothing to end when the declaration is over', async () => {
    const { signal } = new AbortController();
    await createFallback([instant('Job API', accepted)])(request, signal);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});
