import { defineConfig } from 'vitest/config';

export default defineConfig({
  // Tests that start processes or play thousands of random cases take their time on a busy machine.
  test: { testTimeout: 60_000 },
});
