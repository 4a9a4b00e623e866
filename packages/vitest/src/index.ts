export { PromiseFailureReporter as default, type VitestReporterOptions } from './reporter.ts';
