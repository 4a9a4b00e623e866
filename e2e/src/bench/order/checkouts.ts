import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type ConfiguredRunner, e2eFolder } from '../../harness/runners.ts';
import { installReporters } from '../install-reporters.ts';
import { meterSource } from '../usage.ts';
import type { Suite } from './suite.ts';
import { type Spending, writeSuite } from './write-suite.ts';

/** A repository with the suite on `main`, and a checkout of its own for every branch. */
export interface Checkouts {
  readonly base: string;
  /** Cuts a branch from main, lets `change` write into its folder, and commits. Returns the folder. */
  branch(name: string, change: (dir: string) => void): string;
  remove(): void;
}

/**
 * One worker: what is measured is the order. Jest's and Vitest's memories lie where `BENCH_CACHE` says. The sequencer
 * of Jest stands in the configuration of those runs only that ask for an order.
 */
const configs: Readonly<Record<ConfiguredRunner, { readonly file: string; readonly text: string }>> = {
  jest: {
    file: 'jest.config.mjs',
    text: `export default {
  id: 'bench', watchman: false, testEnvironment: 'node', transform: {}, maxWorkers: 1,
  cacheDirectory: process.env.BENCH_CACHE, reporters: ['@promise-failure/jest'],
  ...(process.env.PROMISE_FAILURE_ORDER ? { testSequencer: '@promise-failure/jest/sequencer' } : {}),
};\n`,
  },
  vitest: {
    file: 'vitest.config.mjs',
    text: `export default {
  cacheDir: process.env.BENCH_CACHE,
  test: { pool: 'threads', isolate: false, maxWorkers: 1, reporters: ['@promise-failure/vitest'] },
};\n`,
  },
  playwright: {
    file: 'playwright.config.mjs',
    text: `export default { workers: 1, reporter: [['@promise-failure/playwright']] };\n`,
  },
};

export function openCheckouts(runner: ConfiguredRunner, suite: Suite, spending: Spending): Checkouts {
  const base = join(e2eFolder, '.tmp', `bench-order-${runner}-${process.pid}`);
  const main = join(base, 'main');
  const git = (dir: string, ...args: string[]) => {
    const who = ['-c', 'user.name=bench', '-c', 'user.email=bench@example.com'];
    execFileSync('git', [...who, ...args], { cwd: dir, stdio: 'ignore' });
  };
  mkdirSync(main, { recursive: true });
  installReporters(runner, join(base, 'node_modules'));
  writeFileSync(join(base, 'meter.mjs'), meterSource);
  git(main, 'init', '-q', '-b', 'main');
  writeFileSync(join(main, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(main, '.gitignore'), 'test-results\n');
  writeFileSync(join(main, configs[runner].file), configs[runner].text);
  writeSuite(main, runner, suite, spending);
  git(main, 'add', '-A');
  git(main, 'commit', '-qm', 'The suite');
  return {
    base,
    branch(name, change) {
      const dir = join(base, name);
      git(main, 'worktree', 'add', '-q', '-b', name, dir);
      change(dir);
      git(dir, 'commit', '-qam', 'A change');
      return dir;
    },
    remove: () => rmSync(base, { recursive: true, force: true, maxRetries: 5 }),
  };
}
