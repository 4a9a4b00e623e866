import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

/** Runners with a package and a configuration file of their own. */
export type ConfiguredRunner = 'jest' | 'vitest' | 'playwright';

export type RunnerName = ConfiguredRunner | 'node-test';

/** How one runner is started, and how its configuration names reporters. */
export interface Runner {
  /** Arguments that make it run the tests once. */
  readonly args: readonly string[];
  /** Arguments, before all others, that give it our reporter; none where the configuration does. */
  readonly ours?: readonly string[];
  readonly configFile: string;
  /** Reporters that stand before ours. */
  readonly reporters: readonly unknown[];
  /** Source of the configuration; `reporters` is a constant in its scope, `extra` an object literal. */
  readonly config: (extra: string) => string;
}

/** A runner that is a package. */
export interface PackagedRunner extends Runner {
  readonly packageName: string;
  /** Path of the command, inside the runner's package. */
  readonly bin: string;
}

export const runners: Readonly<Record<ConfiguredRunner, PackagedRunner> & Record<'node-test', Runner>> = {
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
  'node-test': {
    args: ['--test', '--test-reporter=spec', '--test-reporter-destination=stdout'],
    ours: ['--test-reporter=./reporter.mjs', '--test-reporter-destination=stderr'],
    configFile: 'reporter.mjs',
    reporters: [],
    config: (extra) =>
      `import { createReporter } from '@promise-failure/node-test';\nexport default createReporter({ ...reporters[0]?.[1], ...${extra} });\n`,
  },
};

/** Folder of this package: its `node_modules` hold the newest runners and our reporters. */
export const e2eFolder = join(import.meta.dirname, '../..');

/** Folder of the runner's package, and its version, as resolved from `base`. */
export function findRunner(runner: ConfiguredRunner, base: string): { folder: string; version: string } {
  const manifest = createRequire(join(base, 'package.json')).resolve(
    `${runners[runner].packageName}/package.json`,
  );
  return { folder: dirname(manifest), version: JSON.parse(readFileSync(manifest, 'utf8')).version };
}

/** What Node.js is given to start the runner: the path of its command, or nothing where Node.js is the runner. */
export function programOf(runner: RunnerName, base: string): readonly string[] {
  return runner === 'node-test' ? [] : [join(findRunner(runner, base).folder, runners[runner].bin)];
}
