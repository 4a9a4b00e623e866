import type { AggregatedResult, TestResult } from '@jest/test-result';
import type { FileResult } from '@promise-failure/order';
import { keyOf } from './identity.ts';

/** Whether a failed test's failure does not count; tests are named by the reporter's own ids. */
export type IsMuted = (id: string) => boolean;

/** What a run showed of the files that ran in it; `isWhole`: all of their tests were asked for. */
export function toFileResults(results: AggregatedResult, isMuted: IsMuted, isWhole: boolean): FileResult[] {
  return results.testResults
    .filter((file) => !file.skipped)
    .map((file) => ({
      path: file.testFilePath,
      outcome: outcomeOf(file, isMuted),
      ms: (isWhole && file.perfStats?.runtime) || undefined,
      firstFailureMs: firstFailure(file, isMuted),
    }));
}

function outcomeOf(file: TestResult, isMuted: IsMuted): FileResult['outcome'] {
  if (file.testExecError || file.testResults.some((test) => isRed(file, test, isMuted))) return 'failed';
  const isFlaky = file.testResults.some((test) => test.status === 'passed' && (test.invocations ?? 1) > 1);
  return isFlaky ? 'flaky' : 'passed';
}

function isRed({ testFilePath }: TestResult, test: TestResult['testResults'][number], isMuted: IsMuted) {
  return test.status === 'failed' && !isMuted(keyOf(testFilePath, test));
}

function firstFailure(file: TestResult, isMuted: IsMuted): number | undefined {
  let ms = 0;
  for (const test of file.testResults) {
    ms += test.duration ?? 0;
    if (isRed(file, test, isMuted)) return ms;
  }
  return undefined;
}
