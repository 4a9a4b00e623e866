const { setTimeout: sleep } = require('node:timers/promises');
const { greet, isAddress } = require('../src/mail');

test.each(['kim@example.com', 'a.b@example.org'])('takes %s for an address', async (text) => {
  await sleep(500);
  expect(isAddress(text)).toBe(true);
});

test('greets by name', async () => {
  await sleep(400);
  expect(greet(' Kim ')).toBe('Dear Kim,');
});
