const { setTimeout: sleep } = require('node:timers/promises');
const { Cart } = require('../src/cart');

describe('Cart', () => {
  test('adds up', () => {
    const cart = new Cart();
    cart.add('tea', 4.5, 2);
    cart.add('cup', 7.25);
    expect(cart.total).toBe(16.25);
  });

  test('refuses a negative price', () => {
    expect(() => new Cart().add('tea', -1)).toThrow(RangeError);
  });

  test('forgets what was removed', () => {
    const cart = new Cart();
    cart.add('tea', 4.5);
    cart.remove('tea');
    expect(cart.total).toBe(0);
  });

  test.each([10, 100, 1000])('keeps its total exact with %i items', async (count) => {
    const cart = new Cart();
    for (let n = 0; n < count; n++) cart.add(`item-${n}`, 0.1);
    await sleep(300);
    expect(cart.total).toBeCloseTo(count / 10);
  });
});
