import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    reporters: ['default', '@promise-failure/vitest'],
    retry: 1,
  },
});
