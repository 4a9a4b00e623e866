import { fs } from '../builtins.ts';
import type { Env } from '../env.ts';
import { jobFolderPath } from './job-folder.ts';
import { JobLedger, type LedgerLine } from './job-ledger.ts';

/**
 * Leaves a trace of a run in which nothing has failed, where an earlier one of the job has left one: the row of its
 * failures ends here, which nobody could tell otherwise. Throws what the file system throws.
 */
export function recordGreenRun(env: Env, run: Extract<LedgerLine, { type: 'run' }>, endedAt: number): void {
  const folder = jobFolderPath(env);
  if (folder === undefined || !fs.existsSync(folder)) return;
  const ledger = new JobLedger(folder, run, `${run.pid}-${Math.round(run.startedAt)}`);
  ledger.append({ type: 'end', at: endedAt });
}
