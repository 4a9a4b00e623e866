import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export type RunnerName = 'jest' | 'vitest' | 'playwright';

/** How one runner is started, and how its configuration names reporters. */
export interface Runner {
  readonly packageName: string;
  /** Path of the command, inside the runner's package. */
  readonly bin: string;
  /** Arguments that make it run the tests once. */
  readonly args: readonly string[];
  readonly configFile: string;
  /** Reporters that stand before ours. */
  readonly reporters: readonly unknown[];
  /** Source of the configuration; `reporters` is a constant in its scope, `extra` an object literal. */
  readonly config: (extra: string) => string;
}

export const runners: Readonly<Record<RunnerName, Runner>> = {
  jest: {
    packageName: 'jest',
    bin: 'bin/jest.js',
    args: [],
    configFile: 'jest.config.mjs',
    reporters: ['default'],
    config: (extra) =>
      `export default { reporters, watchman: false, testEnvironment: 'node', transform: {}, ...${extra} };\n`,
  },
  vitest: {
    packageName: 'vitest',
    bin: 'vitest.mjs',
    args: ['run'],
    configFile: 'vitest.config.mjs',
    reporters: ['default'],
    config: (extra) => `export default { test: { reporters, ...${extra} } };\n`,
  },
  playwright: {
    packageName: '@playwright/test',
    bin: 'cli.js',
    args: ['test'],
    configFile: 'playwright.config.js',
    reporters: [['line']],
    config: (extra) => `export default { reporter: reporters, ...${extra} };\n`,
  },
};

/** Folder of this package: its `node_modules` hold the newest runners and our reporters. */
export const e2eFolder = join(import.meta.dirname, '../..');

/** Folder of the runner's package, and its version, as resolved from `base`. */
export function findRunner(runner: RunnerName, base: string): { folder: string; version: string } {
  const manifest = createRequire(join(base, 'package.json')).resolve(
    `${runners[runner].packageName}/package.json`,
  );
  return { folder: dirname(manifest), version: JSON.parse(readFileSync(manifest, 'utf8')).version };
}
