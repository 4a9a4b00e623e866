const { setTimeout: sleep } = require('node:timers/promises');
const { Warehouse } = require('../src/warehouse');

jest.retryTimes(2);

const warehouse = new Warehouse();

test('reserves an item once the warehouse is awake', async () => {
  expect(await warehouse.reserve('tea')).toEqual({ sku: 'tea', reserved: true });
});

test.each(['cup', 'kettle', 'spoon'])('counts the stock of %s', async (sku) => {
  await sleep(900);
  expect(sku.length).toBeGreaterThan(2);
});
