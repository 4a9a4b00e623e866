import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from '@playwright/test';

test.describe('delivery', () => {
  test('finds a courier, if not at once', async () => {
    await sleep(600);
    expect(test.info().retry, 'the courier service answers on the second call').toBeGreaterThan(0);
  });

  test('cannot deliver to the moon yet', async () => {
    test.fail();
    await sleep(400);
    expect('moon').toBe('reachable');
  });

  for (const city of ['Oslo', 'Lagos', 'Lima']) {
    test(`reaches ${city}`, async () => {
      await sleep(1000);
      expect(city).toBeTruthy();
    });
  }
});
