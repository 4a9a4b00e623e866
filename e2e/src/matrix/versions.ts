import type { RunnerName } from '../harness/runners.ts';

/** One cell of the matrix: a runner's version on a version of Node.js. */
export interface Target {
  readonly runner: RunnerName;
  /** Label of the version, also in the names of trace snapshots. */
  readonly label: string;
  /** Packages to install, as npm takes them; left out for the runner that the lockfile of this repository names. */
  readonly packages?: readonly string[];
  /** Version of the npm package `node`; the Node.js that runs the matrix if left out. */
  readonly node?: string;
  /**
   * `sample`: the rows in which a version of Node.js could make a difference. `random`: many random projects and
   * no rows, because the test command runs those on this version. `order`: that files can be put in order.
   */
  readonly rows: 'all' | 'sample' | 'random' | 'order';
}

/** Rows that touch processes, threads, loading and signals. */
export const sampleRows = [
  'green',
  'first-test',
  'blocked-thread',
  'flaky',
  'retries-used-up',
  'expected-failure',
  'before-all',
  'syntax-error',
  'worker-killed',
  'global-teardown',
  'interrupted',
  'exit-code-set',
  'at-threshold',
] as const;

const jest = (version: string) => [`jest@${version}`];
const vitest = (version: string) => [`vitest@${version}`, `@vitest/coverage-v8@${version}`];
/** Exact: npm gives up on a range while one of the two packages is a version ahead of the other. */
export const vitest5 = '5.1.0';
const playwright = (version: string) => [`@playwright/test@${version}`];

/** Every supported major in full on the lowest Node.js it runs on, and the newest ones on all others. */
export const targets: readonly Target[] = [
  { runner: 'jest', label: '28', packages: jest('^28'), rows: 'all' },
  { runner: 'jest', label: '29', packages: jest('^29'), rows: 'all' },
  { runner: 'jest', label: '30', rows: 'random' },
  { runner: 'jest', label: '30', node: '22', rows: 'sample' },
  { runner: 'jest', label: '30', node: '24', rows: 'sample' },
  { runner: 'jest', label: '30', node: '26', rows: 'sample' },
  { runner: 'vitest', label: '3', packages: vitest('^3'), rows: 'all' },
  { runner: 'vitest', label: '4', rows: 'random' },
  { runner: 'vitest', label: '5', packages: vitest(vitest5), node: '22', rows: 'all' },
  { runner: 'vitest', label: '5', packages: vitest(vitest5), node: '24', rows: 'sample' },
  { runner: 'vitest', label: '5', packages: vitest(vitest5), node: '26', rows: 'sample' },
  { runner: 'playwright', label: '1.40', packages: playwright('~1.40.0'), rows: 'all' },
  { runner: 'playwright', label: '1.45', packages: playwright('~1.45.0'), rows: 'all' },
  { runner: 'playwright', label: '1.52', packages: playwright('~1.52.0'), rows: 'all' },
  { runner: 'playwright', label: '1.62', packages: playwright('~1.62.0'), rows: 'order' },
  { runner: 'playwright', label: '1.63', packages: playwright('~1.63.0'), rows: 'order' },
  { runner: 'playwright', label: '1.64', packages: playwright('~1.64.0'), rows: 'order' },
  { runner: 'playwright', label: 'newest', rows: 'random' },
  { runner: 'playwright', label: 'newest', node: '22', rows: 'sample' },
  { runner: 'playwright', label: 'newest', node: '24', rows: 'sample' },
  { runner: 'playwright', label: 'newest', node: '26', rows: 'sample' },
  { runner: 'node-test', label: '20', node: '20', rows: 'random' },
  { runner: 'node-test', label: '22', node: '22', rows: 'all' },
  { runner: 'node-test', label: '22', node: '22', rows: 'random' },
  { runner: 'node-test', label: '24', node: '24', rows: 'all' },
  { runner: 'node-test', label: '24', node: '24', rows: 'random' },
  { runner: 'node-test', label: '26', node: '26', rows: 'all' },
  { runner: 'node-test', label: '26', node: '26', rows: 'random' },
];
