const { setTimeout: sleep } = require('node:timers/promises');
const { labelOf } = require('../src/labels');

test.each(['Oslo', 'Lagos', 'Lima'])('prints a label for %s', async (city) => {
  await sleep(500);
  expect(labelOf({ name: 'Kim', street: 'Main St 1', city })).toContain(city.toUpperCase());
});
