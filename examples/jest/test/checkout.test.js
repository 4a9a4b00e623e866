const { setTimeout: sleep } = require('node:timers/promises');
const { Cart } = require('../src/cart');

jest.retryTimes(1, { retryImmediately: true });

describe('Checkout', () => {
  test('charges nothing for an empty cart', async () => {
    await sleep(500);
    expect(new Cart().discounted).toBe(0);
  });

  test('gives every third item for free', async () => {
    const cart = new Cart();
    cart.add('tea', 4.5, 5);
    await sleep(700);
    expect(cart.discounted).toBe(18);
  });

  test.each(['card', 'invoice', 'voucher', 'bank transfer'])('accepts payment by %s', async (method) => {
    await sleep(1500);
    expect(method).not.toBe('');
  });
});
