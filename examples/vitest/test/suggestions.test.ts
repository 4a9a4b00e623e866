import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';

let connections = 0;

async function suggest(prefix: string): Promise<string[]> {
  await sleep(300);
  if (connections++ === 0) throw new Error('connection reset by the search cluster');
  return ['tea', 'teapot', 'kettle'].filter((word) => word.startsWith(prefix));
}

describe('suggestions', () => {
  test('survive a connection that was reset', async () => {
    expect(await suggest('tea')).toEqual(['tea', 'teapot']);
  });

  test.each(['t', 'te', 'k', 'ke'])('come for %s', async (prefix) => {
    await sleep(700);
    expect((await suggest(prefix)).length).toBeGreaterThan(0);
  });

  test.fails('come sorted by popularity, which nobody has built yet', async () => {
    expect(await suggest('')).toEqual(['kettle', 'tea', 'teapot']);
  });
});
