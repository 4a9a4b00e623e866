import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { type Packed, readManifest } from '../harness/pack.ts';
import { e2eFolder } from '../harness/runners.ts';

/**
 * Lays the packages out as pnpm does, without a registry: each sees its dependencies and peers alone, and a project
 * in `root` sees the packages and `@types/node`.
 */
export function unpackStrictly(root: string, packed: readonly Packed[]): ReadonlyMap<string, string> {
  const unpacked = new Map(packed.map((one) => [one.name, unpack(root, one)]));
  for (const { name, folder } of packed) {
    const { dependencies, peerDependencies } = readManifest(unpacked.get(name) ?? '');
    for (const needed of Object.keys({ ...dependencies, ...peerDependencies })) {
      const target = unpacked.get(needed) ?? realpathSync(join(folder, 'node_modules', needed));
      link(target, join(storeOf(root, name), needed));
    }
  }
  for (const [name, folder] of unpacked) link(folder, join(root, 'node_modules', name));
  const types = realpathSync(join(dirname(e2eFolder), 'node_modules/@types/node'));
  link(types, join(root, 'node_modules/@types/node'));
  return unpacked;
}

const storeOf = (root: string, name: string) => join(root, 'store', name.replace('/', '+'), 'node_modules');

function unpack(root: string, { name, tarball }: Packed): string {
  const folder = join(storeOf(root, name), name);
  mkdirSync(folder, { recursive: true });
  const { status, stderr } = spawnSync('tar', ['xzf', tarball, '-C', folder, '--strip-components', '1'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`tar ended with ${status}\n${stderr}`);
  return folder;
}

function link(target: string, path: string): void {
  if (existsSync(path)) return;
  mkdirSync(dirname(path), { recursive: true });
  symlinkSync(target, path, 'junction');
}
