import type { TestCase, TestError } from '@playwright/test/reporter';
import { type FailureDetail, messageInStack, type Place, placeInStack } from '@promise-failure/core';

/** The latest attempt of a failed test. Only a failure is described, so what is looked for costs no other test. */
export function describeFailure(test: TestCase): FailureDetail {
  const { file, line, column } = test.location;
  const error = test.results.at(-1)?.error;
  return {
    message: error === undefined ? undefined : messageOf(error),
    ...((error && placeOf(error, file)) ?? { line, column }),
    attempts: test.results.length,
    project: test.parent.project()?.name || undefined,
    testLine: line,
    sharesLine: countAtLine(test) > 1,
  };
}

function messageOf({ message, stack, value }: TestError): string | undefined {
  return message === undefined ? (value ?? stack) : messageInStack(message);
}

/** The error's own place may be in a helper. */
function placeOf({ location, stack = '' }: TestError, file: string): Place | undefined {
  return location?.file === file
    ? { line: location.line, column: location.column }
    : placeInStack(stack, file);
}

/** Tests that a loop makes begin at one line. */
function countAtLine({ parent, location }: TestCase): number {
  let top = parent;
  while (top.parent !== undefined && top.type !== 'file') top = top.parent;
  const here = top.allTests().filter((test) => test.location.line === location.line);
  return here.filter((test) => test.location.file === location.file).length;
}
