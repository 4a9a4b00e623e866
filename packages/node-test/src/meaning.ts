import { resolve } from 'node:path';
import type { EventData } from './event.ts';

/**
 * What a failed result means for the exit status of the run: `test`, `block` (its hook or its own body, or a hook of a
 * whole file) and `file` make it 1, `consequence` repeats what was told of something inside, `forgiven` may leave it 0,
 * and of what is `doubtful` only a summary tells.
 */
export type Meaning = 'test' | 'block' | 'file' | 'consequence' | 'forgiven' | 'doubtful';

/** What decides about a failure beside itself. */
export interface Surroundings {
  /** Node 20 has no summary; it fails a run at each `test:fail` but that of a todo (lib/internal/main/test_runner.js). */
  readonly everyFailureCounts: boolean;
  /** `node --test` runs each file in a process of its own, and counts all that it is told from there. */
  readonly filesApart: boolean;
}

export const here: Surroundings = {
  everyFailureCounts: Number(process.versions.node.split('.')[0]) < 22,
  filesApart: runsFilesApart(process.execArgv),
};

export function runsFilesApart(execArgv: readonly string[]): boolean {
  return execArgv.includes('--test') && !execArgv.some((word) => word.includes('test-isolation'));
}

/**
 * Later versions count results and leave out what is skipped or to be done (lib/internal/test_runner/utils.js,
 * `countCompletedTest`), 22 and early 24 also the failures of blocks, and a file that reports for itself those of its hooks after all
 * tests (test.js, `TestHook.postRun`).
 */
export function meaningOf(data: EventData, { everyFailureCounts, filesApart } = here): Meaning {
  const failure = data.details?.error?.failureType;
  const isBlock = data.details?.type === 'suite';
  if (data.skip !== undefined || data.todo !== undefined) return 'forgiven';
  if (failure === 'subtestsFailed' || (isBlock && failure === 'cancelledByParent')) return 'consequence';
  if (isFile(data)) return 'file';
  if (isBlock) return everyFailureCounts ? 'block' : 'doubtful';
  if (!isHookOfFile(data)) return 'test';
  return everyFailureCounts || filesApart ? 'block' : 'doubtful';
}

/** The result of a file as a whole, which `node --test` places at its very beginning. */
export function isFile({ name, file, line, column, entryFile }: EventData): boolean {
  if (name === undefined || file === undefined || entryFile !== undefined) return false;
  return line === 1 && column === 1 && resolve(name) === file;
}

/** A hook after all tests of a file is reported as a test with the path of the file for its name. */
function isHookOfFile({ name, file, details }: EventData): boolean {
  return name === file && details?.error?.failureType === 'hookFailed';
}
