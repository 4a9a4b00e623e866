import { expect, it } from 'vitest';
import { gaveWay, Underway } from './underway.ts';

it('drops a request that takes long, with twice the patience each time in a row, and as at first once one came through', async () => {
  const patience: number[] = [];
  const underway = new Underway(
    async (ms) => {
      patience.push(ms);
    },
    () => 0,
  );
  const drop = () =>
    underway.request(async (signal) => {
      underway.giveWay();
      await new Promise((resolve) => signal.addEventListener('abort', resolve));
      return signal.reason;
    });
  for (let n = 0; n < 8; n++) {
    expect(await drop()).toBe(gaveWay);
    underway.cameThrough(false);
  }
  underway.cameThrough(true);
  await drop();
  expect(patience).toEqual([500, 1000, 2000, 4000, 8000, 16_000, 32_000, 32_000, 500]);
});
