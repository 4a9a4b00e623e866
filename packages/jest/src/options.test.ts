import type { Config } from '@jest/types';
import { expect, it } from 'vitest';
import type { JestReporterOptions } from './index.ts';

it('has options that can be named before they are given to Jest', () => {
  const options: JestReporterOptions = { threshold: 3, settle: 'file', muted: [{ scope: 's', name: 'n' }] };
  const config: Config.InitialOptions = { reporters: ['default', ['@promise-failure/jest', options]] };
  expect(config.reporters).toHaveLength(2);
});
