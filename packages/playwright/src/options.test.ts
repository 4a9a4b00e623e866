import type { PlaywrightTestConfig } from '@playwright/test';
import { expect, it } from 'vitest';
import type { PlaywrightReporterOptions } from './index.ts';

it('has options that can be named before they are given to Playwright', () => {
  const options: PlaywrightReporterOptions = { threshold: 3, exitWrapper: 'ours' };
  const config: PlaywrightTestConfig = { reporter: [['list'], ['@promise-failure/playwright', options]] };
  expect(config.reporter).toHaveLength(2);
});
