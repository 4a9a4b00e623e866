import { dirname } from 'node:path';
import { createPathsMatcher, getTsconfig } from 'get-tsconfig';
import type { Alias } from './resolver.ts';

/** The `paths` of the `tsconfig.json` next to or above the importing file. */
export function createTsconfigPaths(): Alias {
  const cache = new Map();
  const byFolder = new Map<string, (specifier: string) => string[]>();
  return (specifier, from) => {
    const folder = dirname(from);
    const match = byFolder.get(folder) ?? openMatcher(folder, cache);
    byFolder.set(folder, match);
    return match(specifier);
  };
}

function openMatcher(folder: string, cache: Map<string, unknown>): (specifier: string) => string[] {
  try {
    const config = getTsconfig(folder, 'tsconfig.json', cache);
    return (config && createPathsMatcher(config)) ?? (() => []);
  } catch {
    // A broken tsconfig.json is the compiler's to report.
    return () => [];
  }
}
