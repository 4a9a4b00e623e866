import { join, resolve } from 'node:path';
import type { Test } from '@jest/reporters';
import type { Graph } from '@promise-failure/order';

/** The imports that Jest's haste map has read already, and Jest's own way to what is not relative. */
export function graphOf(tests: readonly Test[]): Graph {
  const contexts = [...new Set(tests.map((test) => test.context))];
  return {
    importsOf(file) {
      for (const { hasteFS } of contexts) {
        const found = hasteFS.getDependencies(file);
        if (found != null) return found;
      }
      return undefined;
    },
    *alias(specifier, from) {
      for (const { config, resolver } of contexts) {
        if (config.moduleNameMapper.length > 0) {
          const mapped = attempt(() => resolver.resolveStubModuleName(from, specifier));
          if (mapped) yield mapped;
        }
        const haste = resolver.getModule(specifier);
        if (haste) yield haste;
        for (const folder of config.modulePaths ?? []) yield join(folder, specifier);
        for (const folder of config.moduleDirectories) {
          if (folder !== 'node_modules') yield resolve(config.rootDir, folder, specifier);
        }
      }
    },
  };
}

/** A mapped name that leads nowhere makes the resolver throw. */
function attempt<T>(fn: () => T): T | undefined {
  try {
    return fn();
  } catch {
    return undefined;
  }
}
