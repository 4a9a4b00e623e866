import { defineConfig } from '@playwright/test';

export default defineConfig({
  testDir: 'tests',
  retries: 1,
  workers: 2,
  reporter: [['list'], ['@promise-failure/playwright']],
});
