import type { Suite, TestCase } from '@playwright/test/reporter';
import type { FileResult } from '@promise-failure/order';

/** What a run showed of each file in each project; tests that did not run are left out. */
export function toFileResults(root: Suite): FileResult[] {
  return root.suites.flatMap((project) =>
    project.suites.flatMap((file) => {
      const path = file.location?.file;
      const ran = file.allTests().filter((test) => test.results.length > 0 && !isInterrupted(test));
      return path === undefined || ran.length === 0 ? [] : [toFileResult(path, ran, file.allTests().length)];
    }),
  );
}

function toFileResult(path: string, ran: readonly TestCase[], all: number): FileResult {
  let ms = 0;
  let firstFailureMs: number | undefined;
  for (const test of ran) {
    ms += test.results.reduce((sum, { duration }) => sum + duration, 0);
    if (test.outcome() === 'unexpected') firstFailureMs ??= ms;
  }
  const outcome = ran.some((test) => test.outcome() === 'unexpected')
    ? 'failed'
    : ran.some((test) => test.outcome() === 'flaky')
      ? 'flaky'
      : 'passed';
  return { path, outcome, ms: ran.length === all ? ms : undefined, firstFailureMs };
}

function isInterrupted(test: TestCase): boolean {
  return test.results.some(({ status }) => status === 'interrupted');
}
