const { taxOf } = require('../src/taxes');

test('keeps the cents', () => {
  expect(taxOf(4.5)).toBe(0.9);
});
