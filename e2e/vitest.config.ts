import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts'],
    // Every test starts a real runner with workers of its own: files one by one, three tests of a file at a time.
    fileParallelism: false,
    maxConcurrency: 3,
    // Seven hundred lines of passed tests would hide the one that failed in a log.
    reporters: process.stdout.isTTY ? ['default'] : ['dot'],
    testTimeout: 240_000,
    hookTimeout: 120_000,
  },
});
