import { describe, expect, it } from 'vitest';
import type { TestCase, TestModule, TestSuite } from 'vitest/node';
import { identify, keyOf, locate } from './identity.ts';

function testIn(...titles: string[]) {
  const module = { type: 'module', moduleId: '/repo/shop/a.test.ts', project: { config: { root: '/repo' } } };
  const block = titles
    .slice(0, -1)
    .reduce<object>((parent, name) => ({ type: 'suite', name, parent, module }), module);
  return { type: 'test', id: '12_0', name: titles.at(-1), parent: block, module } as unknown as TestCase;
}

describe('the identity of a test', () => {
  it.each([
    ['at the top of a file', ['pays'], '', 'pays'],
    ['in nested blocks', ['Checkout', 'by card', 'pays'], 'Checkout by card', 'pays'],
    ['with separators in its titles', ['a > b', 'c > d'], 'a > b', 'c > d'],
    ['in blocks with spaces around their titles', [' a ', ' b ', ' c '], 'a   b', ' c '],
  ])('is what the collector uploads: %s', (_where, titles, scope, name) => {
    const file = '/repo/shop/a.test.ts';
    expect(identify(testIn(...titles))).toEqual({ scope, name, file, titlePath: titles });
  });

  it('tells files of the same relative path apart', () => {
    expect(keyOf(testIn('pays'))).toBe('/repo/shop/a.test.ts 12_0');
  });
});

describe('the place of an error', () => {
  it('is the path below the root, with the blocks', () => {
    const { parent, module } = testIn('Checkout', 'by card', 'pays');
    expect(locate(parent as TestSuite)).toBe('shop/a.test.ts > Checkout > by card');
    expect(locate(module as TestModule)).toBe('shop/a.test.ts');
  });
});
