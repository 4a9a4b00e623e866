import type { JestReporterOptions } from './options.ts';
import { JestReporter } from './reporter.ts';

export type { JestReporterOptions } from './options.ts';

/** Jest alone makes it. The types that Jest gives it are of packages that not everyone who has `jest` can import. */
type Reporter = new (globalConfig: never, options?: JestReporterOptions) => object;

// Jest takes a reporter from the default export only.
export default JestReporter as Reporter;
