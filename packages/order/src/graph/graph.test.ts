import { init } from 'es-module-lexer';
import { beforeAll, expect, it } from 'vitest';
import { findDistances } from './distances.ts';
import { lexImports } from './lexer.ts';
import { createResolver } from './resolver.ts';

beforeAll(async () => {
  await init;
});

it('reads imports of modules, TypeScript, JSX and require, and leaves types out', () => {
  expect([
    ...lexImports(`import a from './a'; import type { B } from './b'; export * from "./c"; import('./d');`),
  ]).toEqual(['./a', './c', './d']);
  expect([
    ...lexImports(
      `import a from './a';\nimport type { B } from './b';\nexport const C = () => <p>Don't</p>;`,
    ),
  ]).toEqual(['./a']);
  expect([...lexImports(`const a = require('./a'); jest.mock("./b");`)]).toEqual(['./a', './b']);
});

const listing = (paths: readonly string[]) => (folder: string) =>
  new Set(
    paths
      .filter((path) => path.slice(0, path.lastIndexOf('/')) === folder)
      .map((path) => path.slice(path.lastIndexOf('/') + 1)),
  );

it('finds files by extension, by folder, and by the name that TypeScript compiles to', () => {
  const resolve = createResolver([], listing(['/r/a.ts', '/r/b/index.tsx', '/r/c.vue']));
  expect(resolve('./a', '/r/x.ts')).toBe('/r/a.ts');
  expect(resolve('./a.js', '/r/x.ts')).toBe('/r/a.ts');
  expect(resolve('../r/b', '/r/x.ts')).toBe('/r/b/index.tsx');
  expect(resolve('./c.vue?raw', '/r/x.ts')).toBe('/r/c.vue');
  expect(resolve('react', '/r/x.ts')).toBeUndefined();
});

it('finds a file that the change has deleted, since what imports it will fail', () => {
  const resolve = createResolver([], listing(['/r/a.ts']), new Set(['/r/gone.ts']));
  expect(resolve('./gone', '/r/a.ts')).toBe('/r/gone.ts');
  expect(resolve('./gone.js', '/r/a.ts')).toBe('/r/gone.ts');
});

const imports: Readonly<Record<string, readonly string[]>> = {
  t1: ['a'],
  t2: ['b'],
  a: ['b'],
  b: ['c'],
  t3: ['d'],
  d: ['t3'],
};
const search = (looks: number) => {
  let left = looks;
  return findDistances({
    tests: ['t1', 't2', 't3'],
    changed: new Set(['c']),
    importsOf: (file) => imports[file] ?? [],
    resolve: (specifier) => specifier,
    budget: { isSpent: () => left-- <= 0 },
  });
};

it('counts imports between a test and the change, circles and all', () => {
  const { byTest, followed } = search(100);
  expect(Object.fromEntries(byTest)).toEqual({ t1: 3, t2: 2 });
  expect(followed).toBeUndefined();
});

it('gives up when the budget is spent', () => {
  expect(search(0)).toEqual({ byTest: new Map(), followed: 0 });
});
