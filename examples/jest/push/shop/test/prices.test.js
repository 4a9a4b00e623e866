const { setTimeout: sleep } = require('node:timers/promises');
const { cheapest, withTax } = require('../src/prices');

test('finds the cheapest price', async () => {
  await sleep(600);
  expect(cheapest([4.5, 2, 7.25])).toBe(2);
});

test.each([10, 20, 100])('adds the tax of %i', async (price) => {
  await sleep(300);
  expect(withTax(price)).toBe(price * 1.2);
});
