import type { Env } from '../env.ts';
import type { Log } from '../log.ts';
import { noteJob, openJobFolder, removeOldJobFolders } from './job-folder.ts';
import { JobLedger, type LedgerLine, type RunView } from './job-ledger.ts';

/** What one run shares with the other processes of its job. No method throws. */
export interface JobShare {
  record(line: LedgerLine): void;
  others(): readonly RunView[];
  /** A key for a failure that is the same in every run of the job. */
  keyOf(id: string): string;
  /** The failures of other processes count as well. */
  readonly counted: boolean;
  /** A further failure will be told to the others; false also when there were too many already. */
  readonly tellsFailures: boolean;
}

/** Shares nothing: outside a job, and where the first failure of one process decides. */
export const unshared: JobShare = {
  record() {},
  others: () => [],
  keyOf: (id) => id,
  counted: false,
  tellsFailures: false,
};

/**
 * Shares through files in the job's folder, which is made on first use, so that failures are counted over processes.
 * Where the folder cannot be used (read-only or full disk), this process counts alone and says so once.
 */
export function createJobShare(
  folder: string,
  run: Extract<LedgerLine, { type: 'run' }>,
  log: Log,
  env: Env = {},
): JobShare {
  let ledger: JobLedger | undefined;
  let broken = false;

  const attempt = <T>(use: (ledger: JobLedger) => T, otherwise: T): T => {
    if (broken) return otherwise;
    try {
      if (ledger === undefined) {
        openJobFolder(folder);
        noteJob(folder, env);
        // Later, when the promise has left.
        setTimeout(removeOldJobFolders, 1000, folder).unref();
        ledger = new JobLedger(folder, run, `${run.pid}-${Math.round(run.startedAt)}`);
      }
      return use(ledger);
    } catch (error) {
      broken = true;
      const why = error instanceof Error ? error.message : String(error);
      log.warn(`failures are counted in this process alone, because the job's folder cannot be used: ${why}`);
      return otherwise;
    }
  };

  return {
    record(line) {
      attempt((open) => open.append(line), undefined);
    },
    others: () => attempt((open) => open.readOthers(), []),
    keyOf: (id) => hash(`${run.runner}\0${run.root}\0${id}`),
    get counted() {
      return !broken;
    },
    get tellsFailures() {
      return !broken && ledger?.isFull !== true;
    },
  };
}

/** Short, and without the names of tests, which may hold secrets. Most runs never load `node:crypto` for it. */
function hash(text: string): string {
  const { createHash } = process.getBuiltinModule('node:crypto');
  return createHash('sha256').update(text).digest('base64url').slice(0, 22);
}
