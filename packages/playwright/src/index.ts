import type { PromiseFailureOptions } from '@promise-failure/core';
import { PlaywrightReporter } from './reporter.ts';

/** Options of the reporter, as in `reporter: [['list'], ['@promise-failure/playwright', { threshold: 3 }]]`. */
export type PlaywrightReporterOptions = PromiseFailureOptions;

// Playwright takes a reporter from the default export only.
export default PlaywrightReporter;
