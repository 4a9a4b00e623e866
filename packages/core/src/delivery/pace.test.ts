import { expect, it } from 'vitest';
import { Pace } from './pace.ts';

/** Plays turns of work that take so long, on a clock that only work and sleep move; gives the rest before each. */
async function restsBetween(workMs: readonly number[]): Promise<number[]> {
  let now = 0;
  const rests: number[] = [];
  const sleep = async (ms: number) => {
    now += ms;
  };
  const pace = new Pace(() => now, sleep);
  for (const ms of workMs) {
    const before = now;
    await pace.turn();
    rests.push(now - before);
    pace.run(() => {
      now += ms;
    });
  }
  return rests;
}

it('lets the first turn pass, and then rests four times as long as the last one took, a quarter of a second at most', async () => {
  expect(await restsBetween([10, 1, 0, 900, 5])).toEqual([0, 40, 4, 0, 250]);
});
