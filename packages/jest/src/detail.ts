import type { TestCaseResult } from '@jest/test-result';
import { type FailureDetail, messageInStack, placeInStack } from '@promise-failure/core';

/** What Jest tells of a failed test, in a case result and in a file's result alike. */
export type FailedTest = Pick<TestCaseResult, 'failureMessages' | 'invocations' | 'location'>;

/** The test begins at its `location` only with `testLocationInResults`, so the place of the failure is taken from its stack. */
export function describeFailure(file: string, test: FailedTest, project?: string): FailureDetail {
  const [stack = ''] = test.failureMessages;
  const place = placeInStack(stack, file) ?? begin(test);
  return {
    message: messageInStack(stack),
    ...place,
    attempts: test.invocations ?? 1,
    project,
  };
}

/** Its column counts from 0 (jest-circus src/utils.ts, 28 to 30). */
function begin({ location }: FailedTest): { line: number; column: number } | undefined {
  return location ? { line: location.line, column: location.column + 1 } : undefined;
}
