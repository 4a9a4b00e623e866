import { withinTime } from '../http/within-time.ts';
import { openJobFolder } from '../job/job-folder.ts';
import type { Log } from '../log.ts';
import { createMutedList, type MutedList } from './list.ts';
import { oncePerJob } from './once-per-job.ts';
import type { MutedEntry, MutedSource } from './source.ts';

export interface LoadOptions {
  /** Folder that the processes of this job share; without it, each process fetches for itself. */
  readonly jobFolder?: string | undefined;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
  readonly log: Log;
  /** Longest that one source may take, in milliseconds. @default 130000, as Test Engine's own client */
  readonly timeoutMs?: number;
}

/**
 * Loads every source, and all of them or none: rejects with one message that names each source that failed.
 * What is fetched is fetched once per job. Stops waiting when `signal` aborts.
 */
export async function loadMutedList(
  sources: readonly MutedSource[],
  options: LoadOptions,
): Promise<MutedList> {
  const loads = sources.map((source) => loadSource(source, options));
  const settled = await Promise.allSettled(loads);
  const failures = settled.flatMap((result, index) =>
    result.status === 'rejected' ? [`${sources[index]?.name}: ${describeError(result.reason)}`] : [],
  );
  if (failures.length > 0) throw new Error(failures.join('; '));
  const entries = settled.flatMap((result) => (result.status === 'fulfilled' ? result.value : []));
  options.log.debug(`${entries.length} muted tests known from ${sources.map(({ name }) => name).join(', ')}`);
  return createMutedList(entries, (test, earlier) =>
    options.log.debug(`two muted tests are named ${test.name}, in ${earlier.file} and ${test.file}`),
  );
}

async function loadSource(source: MutedSource, options: LoadOptions): Promise<readonly MutedEntry[]> {
  const { jobFolder, signal, now = Date.now, log, timeoutMs = 130_000 } = options;
  const { sharedAs: key } = source;
  return withinTime(signal, timeoutMs, async (limit) => {
    const fetch = () => source.load(limit);
    if (key === undefined || jobFolder === undefined || !canOpen(jobFolder, log)) return fetch();
    const claimLastsMs = timeoutMs + 10_000;
    return oncePerJob(fetch, { folder: jobFolder, key, signal: limit, now, claimLastsMs });
  });
}

function canOpen(jobFolder: string, log: Log): boolean {
  try {
    openJobFolder(jobFolder);
    return true;
  } catch (error) {
    log.debug(`muted tests are fetched by each process: ${describeError(error)}`);
    return false;
  }
}

function describeError(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
