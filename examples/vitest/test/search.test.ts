import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { type Product, search } from '../src/search.ts';

const products: readonly Product[] = [
  { title: 'Green tea', tags: ['hot', 'drink'] },
  { title: 'Tea cup', tags: ['kitchen'] },
  { title: 'Kettle', tags: ['kitchen', 'tea'] },
];

describe('search', () => {
  test('finds by a word of the title', () => {
    expect(search(products, 'cup').map(({ title }) => title)).toEqual(['Tea cup']);
  });

  test('ignores case', () => {
    expect(search(products, 'GREEN')).toHaveLength(1);
  });

  test('finds nothing for words nobody uses', async () => {
    await sleep(600);
    expect(search(products, 'coffee')).toEqual([]);
  });

  test('lists everything for an empty query', async () => {
    await sleep(800);
    expect(search(products, '')).toHaveLength(3);
  });

  test.each(['tea', 'kitchen', 'hot', 'drink', 'kettle'])('answers for %s in time', async (word) => {
    await sleep(1100);
    expect(search(products, word).length).toBeGreaterThan(0);
  });
});
