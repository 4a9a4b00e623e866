import type { Part, ShownTest } from '../src/evidence/part.ts';

export const shownTest = (name: string, more: Partial<ShownTest> = {}): ShownTest => ({
  key: name,
  titles: ['Cart', name],
  pattern: `Cart ${name}`,
  file: '/repo/shop/test/cart.test.js',
  line: 3,
  column: 5,
  project: null,
  attempts: 1,
  message: 'expected 1 to be 2',
  testLine: 2,
  sharesLine: false,
  ...more,
});

/** A part of a run that has promised its failure and goes on. */
export const madeUpPart = (tests: readonly ShownTest[], more: Partial<Part> = {}): Part => ({
  runner: 'jest',
  root: '/repo/shop',
  cwd: '/repo/shop',
  flags: [],
  process: 1,
  outerRetries: 0,
  family: '',
  dryRun: false,
  startedAt: 1000,
  finishedAt: null,
  exitStatus: null,
  certain: true,
  promise: { exitStatus: 1, at: 2000, channel: 'Job API', outcome: 'declared' },
  held: null,
  counts: { hard: tests.length, muted: 0, flaky: 0, contradicted: 0 },
  tests,
  testsOmitted: 0,
  errors: [],
  errorsOmitted: 0,
  mutedTests: [],
  ...more,
});
