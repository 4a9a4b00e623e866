import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { createWorkspacePackages } from './workspace-packages.ts';

const root = realpathSync(mkdtempSync(join(tmpdir(), 'pf-packages-')));
afterAll(() => rmSync(root, { recursive: true, force: true }));

function add(folder: string, target: string): void {
  mkdirSync(join(root, target), { recursive: true });
  mkdirSync(join(root, folder, 'node_modules'), { recursive: true });
  symlinkSync(join(root, target), join(root, folder, 'node_modules', 'shop'), 'dir');
}

it('finds the nearest linked package from any folder below, however often it is asked', () => {
  add('.', 'packages/shop');
  add('app/inner', 'packages/other');
  writeFileSync(join(root, 'packages/shop/package.json'), '{ "main": "./dist/cart.js" }');
  const find = createWorkspacePackages();
  const from = (path: string) => [...find('shop/cart', join(root, path))][0];
  const outer = join(root, 'packages/shop/cart');
  expect(from('app/inner/deep/a.ts')).toBe(join(root, 'packages/other/cart'));
  expect([from('app/src/a.ts'), from('app/src/b.ts'), from('app/a.ts'), from('a.ts')]).toEqual(
    Array(4).fill(outer),
  );
  expect([...find('shop', join(root, 'app/src/a.ts'))]).toContain(join(root, 'packages/shop/src/cart'));
  expect([...find('elsewhere', join(root, 'app/src/a.ts'))]).toEqual([]);
});
