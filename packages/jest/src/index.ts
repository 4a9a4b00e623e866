import { JestReporter } from './reporter.ts';

export type { JestReporterOptions } from './reporter.ts';

// Jest takes a reporter from the default export only.
export default JestReporter;
