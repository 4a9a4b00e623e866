import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join, sep } from 'node:path';
import type { Alias } from './resolver.ts';

const name = /^(@[^/]+\/[^/]+|[^@./][^/]*)(\/.*)?$/;
const built = /^(?:\.\/)?(?:dist|lib|build|out|es|esm|cjs)\//;

/** Packages of the same repository, linked into `node_modules`: their sources in place of what is built from them. */
export function createWorkspacePackages(): Alias {
  const roots = new Map<string, string | undefined>();
  return (specifier, from) => {
    const [, packageName, below] = name.exec(specifier) ?? [];
    if (packageName === undefined) return [];
    const key = `${packageName}\0${dirname(from)}`;
    if (!roots.has(key)) roots.set(key, findLinked(packageName, dirname(from)));
    const root = roots.get(key);
    if (root === undefined) return [];
    return below === undefined ? entries(root) : [join(root, below), join(root, 'src', below)];
  };
}

function findLinked(packageName: string, from: string): string | undefined {
  for (let folder = from; ; folder = dirname(folder)) {
    const path = join(folder, 'node_modules', packageName);
    if (existsSync(path)) {
      const real = realpathSync(path);
      return real.includes(`${sep}node_modules${sep}`) ? undefined : real;
    }
    if (dirname(folder) === folder) return undefined;
  }
}

function entries(root: string): string[] {
  const written: string[] = [];
  try {
    const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
    const exported = manifest.exports?.['.'] ?? manifest.exports;
    for (const value of [manifest.source, exported, manifest.module, manifest.main]) collect(value, written);
  } catch {
    // Without a manifest the usual places have to do.
  }
  const sources = written
    .filter((path) => built.test(path))
    .map((path) => join(root, 'src', path.replace(built, '').replace(/(\.d)?\.[cm]?[jt]s$/, '')));
  return [...sources, ...written.map((path) => join(root, path)), join(root, 'src'), root];
}

function collect(value: unknown, into: string[]): void {
  if (typeof value === 'string') into.push(value);
  else if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    for (const [key, inner] of Object.entries(value)) {
      if (!key.startsWith('.') && key !== 'types') collect(inner, into);
    }
  }
}
