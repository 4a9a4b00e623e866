import { stripVTControlCharacters } from 'node:util';
import type { AggregatedResult, TestResult } from '@jest/test-result';
import type { RunError } from '@promise-failure/core';

/**
 * The failure of a file that none of its tests owns: it did not load, a hook after all tests threw, a worker
 * died, a snapshot is obsolete. Source: jestjs/jest jest-core/src/TestScheduler.ts, 28 to 30.
 */
export function errorOfFile(
  where: string,
  result: TestResult,
  updatesSnapshots: boolean,
): RunError | undefined {
  if (result.testExecError) {
    const { message, stack } = result.testExecError;
    const kind = result.testResults.length === 0 ? 'file' : 'hook';
    return { kind, message: firstLine(message || stack || 'the file failed'), where };
  }
  const { unchecked, unmatched } = result.snapshot;
  if (updatesSnapshots || result.numFailingTests > 0) return undefined;
  if (unchecked > 0) return { kind: 'snapshot', message: 'a snapshot is obsolete', where };
  if (unmatched > 0) return { kind: 'snapshot', message: 'a snapshot does not match', where };
  return undefined;
}

/** What only the end of the run tells: snapshot files without a test file, an error of the run itself. */
export function errorOfRun(results: AggregatedResult): RunError | undefined {
  if (results.runExecError) return { kind: 'other', message: firstLine(results.runExecError.message) };
  const { failure, unchecked, unmatched } = results.snapshot;
  if (!failure || unchecked > 0 || unmatched > 0) return undefined;
  return { kind: 'snapshot', message: 'a snapshot file is obsolete' };
}

function firstLine(text: string): string {
  return stripVTControlCharacters(text).trim().split('\n', 1)[0] ?? '';
}
