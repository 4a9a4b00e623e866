import { expect, it } from 'vitest';
import type { ViteUserConfig } from 'vitest/config';
import type { VitestReporterOptions } from './index.ts';

it('has options that can be named before they are given to Vitest', () => {
  const options: VitestReporterOptions = { threshold: '5%', settle: 'file', mutedFile: 'muted.yaml' };
  const config: ViteUserConfig = { test: { reporters: ['default', ['@promise-failure/vitest', options]] } };
  expect(config.test?.reporters).toHaveLength(2);
});
