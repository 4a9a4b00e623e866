/** The job's ledger, for commands that run a runner and read afterwards what its reporters wrote. */
export { type RunView, readJobLedger } from './job/job-ledger.ts';
