import type { AggregatedResult, TestResult } from '@jest/test-result';
import type { FileResult } from '@promise-failure/order';

/** What a run showed of the files that ran in it. */
export function toFileResults(results: AggregatedResult): FileResult[] {
  return results.testResults
    .filter((file) => !file.skipped)
    .map((file) => ({
      path: file.testFilePath,
      outcome: outcomeOf(file),
      ms: file.perfStats?.runtime || undefined,
      firstFailureMs: firstFailure(file),
    }));
}

function outcomeOf(file: TestResult): FileResult['outcome'] {
  if (file.numFailingTests > 0 || file.testExecError) return 'failed';
  const isFlaky = file.testResults.some((test) => test.status === 'passed' && (test.invocations ?? 1) > 1);
  return isFlaky ? 'flaky' : 'passed';
}

function firstFailure(file: TestResult): number | undefined {
  let ms = 0;
  for (const test of file.testResults) {
    ms += test.duration ?? 0;
    if (test.status === 'failed') return ms;
  }
  return undefined;
}
