import { defineConfig } from 'vitest/config';

/** Minutes of real runners, whose rules the tests of core, the scenario tables and the behaviours prove as well. */
const slow = [
  'src/{evidence,faults,order,random,signals}/**/*.test.ts',
  'src/muted/muted-{identity,run}.test.ts',
  'src/scenarios/bare.*.test.ts',
];

const test = {
  testTimeout: 240_000,
  hookTimeout: 120_000,
  maxConcurrency: 3,
};

export default defineConfig({
  test: {
    // Every test starts a real runner with workers of its own: files one by one, three tests of a file at a time.
    fileParallelism: false,
    maxConcurrency: 3,
    // Seven hundred lines of passed tests would hide the one that failed in a log.
    reporters: process.stdout.isTTY ? ['default'] : ['dot'],
    projects: [
      { test: { ...test, name: 'quick', include: ['src/**/*.test.ts'], exclude: slow } },
      { test: { ...test, name: 'slow', include: slow } },
    ],
  },
});
