import { createReporter } from './reporter.ts';

export { createReporter, type NodeTestReporterOptions } from './reporter.ts';

/** What `--test-reporter=@promise-failure/node-test` loads: all that can be set comes from the environment. */
export default createReporter();
