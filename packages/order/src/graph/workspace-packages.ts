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
    const root = findLinked(packageName, dirname(from), roots);
    if (root === undefined) return [];
    return below === undefined ? entries(root) : [join(root, below), join(root, 'src', below)];
  };
}

/** What is found is kept for every folder on the way up: a suite asks for the same few packages from all of them. */
function findLinked(
  packageName: string,
  folder: string,
  roots: Map<string, string | undefined>,
): string | undefined {
  const path = join(folder, 'node_modules', packageName);
  if (roots.has(path)) return roots.get(path);
  const above = dirname(folder);
  let root: string | undefined;
  if (existsSync(path)) {
    const real = realpathSync(path);
    if (!real.includes(`${sep}node_modules${sep}`)) root = real;
  } else if (above !== folder) root = findLinked(packageName, above, roots);
  roots.set(path, root);
  return root;
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
