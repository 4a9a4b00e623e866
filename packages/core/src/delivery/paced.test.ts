import { describe, expect, it } from 'vitest';
import { Paced } from './paced.ts';

/** A clock that a sleep moves on. */
function start(work: () => Promise<void> | void = () => {}) {
  let now = 0;
  const slept: number[] = [];
  const errors: unknown[] = [];
  const turns: number[] = [];
  const paced = new Paced(
    () => {
      turns.push(now);
      return work();
    },
    {
      restMs: () => 100,
      onError: (error) => errors.push(error),
      now: () => now,
      sleep: async (ms) => {
        slept.push(ms);
        now += ms;
      },
    },
  );
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { paced, slept, errors, turns, settle };
}

describe('Paced', () => {
  it('works at once, and again after a rest, once for all that was asked meanwhile', async () => {
    const { paced, turns, settle } = start();
    paced.ask();
    await settle();
    for (let asked = 0; asked < 10; asked++) paced.ask();
    await settle();
    expect(turns).toEqual([0, 100]);
  });

  it('never works twice at a time', async () => {
    const done: (() => void)[] = [];
    const { paced, turns, settle } = start(() => new Promise((resolve) => void done.push(resolve)));
    paced.ask();
    await settle();
    paced.ask();
    await settle();
    expect(turns).toHaveLength(1);
    done[0]?.();
    await settle();
    expect(turns).toHaveLength(2);
  });

  it('goes on after an error, which it tells', async () => {
    const { paced, turns, errors, settle } = start(() => {
      throw new Error('no');
    });
    paced.ask();
    await settle();
    paced.ask();
    await settle();
    expect([turns.length, errors.length]).toEqual([2, 2]);
  });

  it('takes the last turn without a rest, also one that it is resting for', async () => {
    const times: number[] = [];
    const rests = new Paced(() => void times.push(Date.now()), {
      restMs: () => 60_000,
      onError: () => {},
      now: () => performance.now(),
      sleep: (_ms, signal) =>
        new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(signal.reason))),
    });
    rests.ask();
    await new Promise((resolve) => setImmediate(resolve));
    rests.ask();
    await new Promise((resolve) => setImmediate(resolve));
    expect(times).toHaveLength(1);
    await rests.finish();
    expect(times.length).toBeGreaterThan(1);
  });
});
