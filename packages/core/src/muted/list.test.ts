import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TestIdentity } from '../vocabulary.ts';
import { createMutedList } from './list.ts';
import type { MutedTarget } from './source.ts';

function test(scope: string, name: string, file = '/repo/web/a.spec.ts'): TestIdentity {
  return { scope, name, file, titlePath: [scope.trim(), name] };
}

function listOf(...targets: MutedTarget[]) {
  return createMutedList(targets.map((target, index) => ({ target, origin: `#${index}` })));
}

describe('an entry of Test Engine', () => {
  const list = listOf({ type: 'identity', scope: ' chromium a.spec.ts T', name: 'T' });

  it.each([
    ['the same scope and name', test(' chromium a.spec.ts T', 'T'), true],
    ['another file', test(' chromium a.spec.ts T', 'T', '/elsewhere.ts'), true],
    ['a scope without its leading space', test('chromium a.spec.ts T', 'T'), false],
    ['a scope with two leading spaces', test('  chromium a.spec.ts T', 'T'), false],
    ['another case', test(' chromium a.spec.ts T', 't'), false],
  ])('decides by bytes: %s', (_, identity, expected) => {
    expect(list.match(identity) !== undefined).toBe(expected);
  });

  it('mutes two tests of one scope and name, and tells', () => {
    const told: string[] = [];
    const target = { type: 'identity', scope: 's', name: 'n' } as const;
    const both = createMutedList([{ target, origin: '#0' }], (later, earlier) =>
      told.push(`${earlier.file} ${later.file}`),
    );
    const [first, second] = [test('s', 'n', '/a.ts'), test('s', 'n', '/b.ts')];
    expect([first, first, second].map((each) => both.match(each)?.origin)).toEqual(['#0', '#0', '#0']);
    expect(told).toEqual(['/a.ts /b.ts']);
  });

  it('takes a star for a star', () => {
    const starred = listOf({ type: 'identity', scope: 'a*', name: '*' });
    expect(starred.match(test('abc', 'x'))).toBeUndefined();
    expect(starred.match(test('a*', '*'))).toBeDefined();
  });

  it('tells composed from decomposed characters', () => {
    const composed = listOf({ type: 'identity', scope: 'caf\u00e9', name: 'x' });
    expect(composed.match(test('cafe\u0301', 'x'))).toBeUndefined();
  });

  it('mutes exactly the test it names, whatever the titles', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (scope, name) => {
        const one = listOf({ type: 'identity', scope, name });
        expect(one.match(test(scope, name))).toBeDefined();
        expect(one.match(test(`${scope} `, name))).toBeUndefined();
        expect(one.match(test(scope, `${name}x`))).toBeUndefined();
      }),
    );
  });
});

describe("an entry of bktec's plan", () => {
  it('overlooks the spaces in which its scope differs from the collector', () => {
    const list = listOf({ type: 'spaced identity', scope: ' chromium  a.spec.ts  T', name: 'T' });
    expect(list.match(test('  chromium a.spec.ts T', 'T'))).toBeDefined();
    expect(list.match(test('  chromium b.spec.ts T', 'T'))).toBeUndefined();
  });

  it('takes a star for a star', () => {
    expect(listOf({ type: 'spaced identity', scope: '*', name: '*' }).match(test('a', 'b'))).toBeUndefined();
  });
});

describe('an entry written by a person', () => {
  it.each([
    ['scope as it is read', { scope: 'chromium a.spec.ts T', name: 'T' }, true],
    ['scope as it is copied', { scope: ' chromium a.spec.ts T', name: 'T' }, true],
    ['a pattern in the scope', { scope: '* a.spec.ts *', name: 'T' }, true],
    ['a pattern in the name', { scope: '*', name: 'X*' }, false],
    ['any scope', { scope: '*', name: 'T' }, true],
    ['another scope', { scope: '', name: 'T' }, false],
    ["the file's path", { scope: '*', name: '*', file: '/repo/web/a.spec.ts' }, true],
    ["the path's end", { scope: '*', name: '*', file: 'web/a.spec.ts' }, true],
    ['a relative path', { scope: '*', name: '*', file: './web/a.spec.ts' }, true],
    ['half a file name', { scope: '*', name: '*', file: 'spec.ts' }, false],
    ['a pattern of files', { scope: '*', name: '*', file: 'web/*.ts' }, true],
    ['another file', { scope: '*', name: '*', file: 'b.spec.ts' }, false],
  ])('matches by %s', (_, fields, expected) => {
    const list = listOf({ type: 'fields', ...fields });
    expect(list.match(test(' chromium a.spec.ts T', 'T')) !== undefined).toBe(expected);
  });

  it('finds a file under a Windows path', () => {
    const list = listOf({ type: 'fields', scope: '*', name: '*', file: 'web/a.spec.ts' });
    expect(list.match(test('s', 'n', 'C:\\repo\\web\\a.spec.ts'))).toBeDefined();
  });

  it.each([
    ['Checkout pays by card', true],
    ['Checkout *', true],
    ['* pays by card', true],
    ['pays by card', false],
    [' firefox checkout.spec.ts Checkout pays by card pays by card', true],
  ])('matches the title %j: %j', (pattern, expected) => {
    const identity: TestIdentity = {
      scope: ' firefox checkout.spec.ts Checkout pays by card',
      name: 'pays by card',
      file: '/repo/checkout.spec.ts',
      titlePath: ['Checkout', 'pays by card'],
    };
    expect(listOf({ type: 'title', pattern }).match(identity) !== undefined).toBe(expected);
  });

  it('tells which entry it was', () => {
    const list = listOf({ type: 'title', pattern: 'x' }, { type: 'fields', scope: 'a', name: 'b' });
    expect(list.match(test('a', 'b'))?.origin).toBe('#1');
  });
});
