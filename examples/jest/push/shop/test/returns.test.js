const { setTimeout: sleep } = require('node:timers/promises');
const { canReturn } = require('../src/returns');

test.each([0, 1, 30])('takes an order back after %i days', async (days) => {
  await sleep(450);
  expect(canReturn(days)).toBe(true);
});

test('takes none back after that', () => {
  expect(canReturn(31)).toBe(false);
});
