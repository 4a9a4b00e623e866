import { fs } from '../builtins.ts';
import { JobLedger, type LedgerLine } from './job-ledger.ts';

/**
 * Leaves a trace of a run in which nothing has failed, where an earlier one of the job has left one: the row of its
 * failures ends here, which nobody could tell otherwise. Throws what the file system throws.
 */
export function recordGreenRun(
  folder: string | undefined,
  run: Extract<LedgerLine, { type: 'run' }>,
  endedAt: number,
): void {
  if (folder === undefined || !fs.existsSync(folder)) return;
  const ledger = new JobLedger(folder, run, `${run.pid}-${Math.round(run.startedAt)}`);
  ledger.append({ type: 'end', at: endedAt });
}
