const { setTimeout: sleep } = require('node:timers/promises');
const { take } = require('../src/stock');

test('takes items out', async () => {
  await sleep(700);
  expect(take({ tea: 3 }, 'tea', 2)).toEqual({ tea: 1 });
});

test.each(['cup', 'kettle'])('has no %s to give', async (sku) => {
  await sleep(400);
  expect(() => take({ tea: 3 }, sku, 1)).toThrow(RangeError);
});
