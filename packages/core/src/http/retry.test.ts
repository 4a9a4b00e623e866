import { describe, expect, it } from 'vitest';
import { sleep } from '../sleep.ts';
import { type Attempt, defaultRetryPolicy, exponential, type RetryPolicy, retry, waitMs } from './retry.ts';

const ever = new AbortController().signal;
const plain: RetryPolicy = { ...defaultRetryPolicy, jitter: 0 };
const transient = (value: string, retryAfterMs?: number): Attempt<string> => ({
  ...{ value, verdict: 'transient', retryAfterMs },
});
const success: Attempt<string> = { value: 'done', verdict: 'success' };

/** Plays the outcomes in turn, the last one for ever, and notes what is called and how long is waited. */
function play(...outcomes: readonly Attempt<string>[]) {
  const numbers: number[] = [];
  const waits: number[] = [];
  const call = async ({ number }: { number: number }) => {
    numbers.push(number);
    return outcomes[number - 1] ?? outcomes.at(-1) ?? success;
  };
  const sleep = async (ms: number) => void waits.push(ms);
  return { numbers, waits, call, sleep };
}

describe('the default policy', () => {
  it('waits 0.5, 1, 2, 4, 8, 16, 32, 60 and 60 s between ten calls, without jitter', async () => {
    const { numbers, waits, call, sleep } = play(transient('no'));
    expect(await retry(call, plain, ever, { sleep })).toBe('no');
    expect(numbers).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10]);
    expect(waits).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  });

  it.each([
    [0, 500],
    [0.5, 375],
    [1, 250],
  ])('with the chance %f waits %i ms before the second call', (chance, ms) => {
    expect(waitMs(defaultRetryPolicy, 1, undefined, () => chance)).toBe(ms);
  });
});

describe('a wait', () => {
  it.each([
    ['what the server asks for wins over a longer formula', 5, 2000, 0, 2000],
    ['and over a shorter one', 1, 20_000, 0, 20_000],
    ['zero included', 3, 0, 0, 0],
    ['is never shortened by chance, but spread', 1, 2000, 1, 2250],
    ['is capped', 1, 3_600_000, 0, 60_000],
    ['is capped with chance, too', 9, 59_000, 1, 60_000],
  ])('%s', (_, made, asked, chance, ms) => {
    expect(waitMs(defaultRetryPolicy, made, asked, () => chance)).toBe(ms);
  });

  it('stays finite however many calls were made', () => {
    const policy = { ...plain, delayMs: exponential(1) };
    expect(waitMs(policy, 5000, undefined, () => 0)).toBe(60_000);
  });

  it('is taken from the outcome of the call before it', async () => {
    const { waits, call, sleep } = play(transient('a', 1234), transient('b'), success);
    expect(await retry(call, plain, ever, { sleep })).toBe('done');
    expect(waits).toEqual([1234, 1000]);
  });
});

describe('a retry', () => {
  it.each(['success', 'terminal', 'unknown'] as const)(
    'does not repeat a call that ends as %s',
    async (verdict) => {
      const { numbers, call, sleep } = play({ value: 'it', verdict });
      expect(await retry(call, plain, ever, { sleep })).toBe('it');
      expect(numbers).toEqual([1]);
    },
  );

  it('tells of each wait before it', async () => {
    const told: unknown[] = [];
    const { call, sleep } = play(transient('a'), transient('b', 7), success);
    await retry(call, plain, ever, { sleep, onWait: (...wait) => told.push(wait) });
    expect(told).toEqual([
      [1, 500, 'a'],
      [2, 7, 'b'],
    ]);
  });

  it('makes a single call when the policy allows one', async () => {
    const { numbers, waits, call, sleep } = play(transient('no'));
    expect(await retry(call, { ...plain, calls: 1 }, ever, { sleep })).toBe('no');
    expect([numbers, waits]).toEqual([[1], []]);
  });

  it.each([new Error('broken'), new TypeError('mistake'), new TypeError('fetch failed')])(
    'passes a thrown %s on and does not repeat the call',
    async (error) => {
      let calls = 0;
      const call = () => {
        calls++;
        return Promise.reject(error);
      };
      await expect(retry(call, plain, ever, { sleep: async () => {} })).rejects.toBe(error);
      expect(calls).toBe(1);
    },
  );

  it('passes an error on that is thrown after a transient outcome', async () => {
    const error = new Error('broken');
    const call = async ({ number }: { number: number }) => {
      if (number === 2) throw error;
      return transient('no');
    };
    await expect(retry(call, plain, ever, { sleep: async () => {} })).rejects.toBe(error);
  });
});

describe('an abort', () => {
  const reason = new Error('the run is over');

  it('ends a real wait at once', async () => {
    const controller = new AbortController();
    const { numbers, call } = play(transient('no'));
    const policy = { ...plain, delayMs: () => 60_000 };
    const running = retry(call, policy, controller.signal);
    const rejected = expect(running).rejects.toBe(reason);
    setTimeout(() => controller.abort(reason), 50);
    await rejected;
    expect(numbers).toEqual([1]);
  });

  it('before the first call makes none', async () => {
    const { numbers, call } = play(success);
    await expect(retry(call, plain, AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(numbers).toEqual([]);
  });

  it('during a call rejects with its reason, whatever the call makes of it', async () => {
    const controller = new AbortController();
    const call = async () => {
      controller.abort(reason);
      return transient('aborted');
    };
    await expect(retry(call, plain, controller.signal)).rejects.toBe(reason);
  });
});

describe('the time limit of a call', () => {
  const hang = (signal: AbortSignal) =>
    new Promise<never>((_, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });

  it('aborts that call only, with a TimeoutError', async () => {
    const names: string[] = [];
    const call = async ({ number, signal }: { number: number; signal: AbortSignal }) => {
      if (number === 2) return success;
      return hang(signal).catch((error: Error) => {
        names.push(error.name);
        return transient('late');
      });
    };
    const seams = { timeoutMs: 20, sleep: async () => {} };
    expect(await retry(call, plain, ever, seams)).toBe('done');
    expect(names).toEqual(['TimeoutError']);
  });

  it('is none unless one is given', async () => {
    const call = async ({ signal }: { signal: AbortSignal }): Promise<Attempt<boolean>> => {
      await sleep(20, ever);
      return { value: signal.aborted, verdict: 'success' };
    };
    expect(await retry(call, plain, ever)).toBe(false);
  });
});
