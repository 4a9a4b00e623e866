/** What a command needs that runs a runner: whether promising is asked for, and what its reporters wrote. */
export { isAskedFor } from './config/config.ts';
export { type RunView, readJobLedger } from './job/job-ledger.ts';
export { isBktec } from './layers/bktec.ts';
