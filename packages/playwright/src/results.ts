import type { Suite, TestCase } from '@playwright/test/reporter';
import type { FileResult } from '@promise-failure/order';

/** Whether a failed test's failure does not count; tests are named by the reporter's own ids. */
export type IsMuted = (id: string) => boolean;

/** What a run showed of each file in each project; tests that did not run are left out. */
export function toFileResults(root: Suite, isMuted: IsMuted, argv: readonly string[]): FileResult[] {
  const isFiltered = argv.some((word) => filters.test(word));
  return root.suites.flatMap((project) =>
    project.suites.flatMap((file) => {
      const path = file.location?.file;
      const ran = file.allTests().filter((test) => test.results.length > 0 && !isInterrupted(test));
      if (path === undefined || ran.length === 0) return [];
      const isWhole = !isFiltered && ran.length === file.allTests().length;
      return [{ path, ...summarize(ran, isMuted, isWhole) }];
    }),
  );
}

/** Arguments that choose tests inside of files: the suite holds no others then. */
const filters = /^(-g|-gv|--grep|--grep-invert|--last-failed)(=|$)|[^\d]:\d+(:\d+)?$/;

function summarize(ran: readonly TestCase[], isMuted: IsMuted, isWhole: boolean): Omit<FileResult, 'path'> {
  const isRed = (test: TestCase) => test.outcome() === 'unexpected' && !isMuted(test.id);
  let ms = 0;
  let firstFailureMs: number | undefined;
  for (const test of ran) {
    ms += test.results.reduce((sum, { duration }) => sum + duration, 0);
    if (isRed(test)) firstFailureMs ??= ms;
  }
  const outcome = ran.some(isRed)
    ? 'failed'
    : ran.some((test) => test.outcome() === 'flaky')
      ? 'flaky'
      : 'passed';
  return { outcome, ms: isWhole ? ms : undefined, firstFailureMs };
}

function isInterrupted(test: TestCase): boolean {
  return test.results.some(({ status }) => status === 'interrupted');
}
