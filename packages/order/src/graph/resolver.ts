import { readdirSync } from 'node:fs';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';

/** The file that a specifier in a file means, or `undefined` for what is not ours: packages, built-in modules. */
export type Resolve = (specifier: string, from: string) => string | undefined;

/** Finds the path that a specifier stands for when it is neither relative nor absolute. */
export type Alias = (specifier: string, from: string) => Iterable<string>;

const extensions = ['ts', 'tsx', 'js', 'jsx', 'mts', 'mjs', 'cts', 'cjs', 'json', 'vue', 'svelte'];
/** TypeScript has its own files imported by the name of what they compile to. */
const compiled: Readonly<Record<string, readonly string[]>> = {
  js: ['ts', 'tsx', 'jsx'],
  jsx: ['tsx'],
  mjs: ['mts'],
  cjs: ['cts'],
};

/**
 * Resolves by the names in folders, each folder read once: no call for every candidate. `changed` files are found
 * although they may be gone: what imports a deleted file is the surest to fail.
 */
export function createResolver(
  aliases: readonly Alias[],
  listFolder = readFolder,
  changed: ReadonlySet<string> = new Set(),
): Resolve {
  const folders = new Map<string, ReadonlySet<string>>();
  const isThere = (path: string) => {
    const folder = dirname(path);
    const names = folders.get(folder) ?? listFolder(folder);
    folders.set(folder, names);
    return names.has(basename(path)) || changed.has(path);
  };
  const find = (path: string) =>
    spellings(path).find(isThere) ??
    extensions.map((extension) => join(path, `index.${extension}`)).find(isThere);
  return (written, from) => {
    const specifier = written.replace(/[?#].*$/, '');
    if (/^\.\.?(\/|$)/.test(specifier)) return find(resolve(dirname(from), specifier));
    if (isAbsolute(specifier)) return find(specifier);
    for (const alias of aliases) {
      for (const path of alias(specifier, from)) {
        const found = find(path);
        if (found !== undefined) return found;
      }
    }
    return undefined;
  };
}

function spellings(path: string): string[] {
  const added = extensions.map((extension) => `${path}.${extension}`);
  const [, stem, extension] = /^(.*)\.(\w+)$/.exec(path) ?? [];
  if (stem === undefined || extension === undefined) return added;
  return [path, ...(compiled[extension] ?? []).map((other) => `${stem}.${other}`), ...added];
}

/** Names of the files in a folder: a folder of the same name must not be taken for one. */
function readFolder(folder: string): ReadonlySet<string> {
  try {
    const entries = readdirSync(folder, { withFileTypes: true });
    return new Set(entries.filter((entry) => !entry.isDirectory()).map((entry) => entry.name));
  } catch {
    return new Set();
  }
}
