import type { TestCase, TestError } from '@playwright/test/reporter';
import { describe, expect, it } from 'vitest';
import { describeFailure } from './detail.ts';

const file = '/repo/shop.spec.ts';

/** A failed test, and the lines at which the tests of its file begin. */
function detailOf(error: Partial<TestError> | undefined, lines: readonly number[] = [3], project = '') {
  const place = (line: number) => ({ file, line, column: 1 });
  const suite: object = {
    type: 'file',
    parent: { type: 'project', parent: undefined },
    allTests: () => lines.map((line) => ({ location: place(line) })),
  };
  return describeFailure({
    location: place(3),
    results: [{}, { error }],
    parent: { type: 'describe', parent: suite, project: () => ({ name: project }) },
  } as unknown as TestCase);
}

describe('describeFailure', () => {
  it('takes the place of the error if that is in the test file', () => {
    const error = { message: 'Error: no', location: { file, line: 9, column: 5 } };
    expect(detailOf(error, [3], 'chromium')).toEqual({
      ...{ message: 'no', line: 9, column: 5, attempts: 2, project: 'chromium' },
      ...{ testLine: 3, sharesLine: false },
    });
  });

  it('looks in the stack for the test file if the error is in a helper', () => {
    const location = { file: '/repo/helper.ts', line: 1, column: 1 };
    const stack = `Error: no\n    at help (/repo/helper.ts:1:1)\n    at ${file}:12:7`;
    expect(detailOf({ message: 'no', stack, location })).toMatchObject({ line: 12, column: 7 });
  });

  it.each([
    ['is no error', undefined, undefined],
    ['is a thrown value', { value: "'text'" }, "'text'"],
    ['is an error of a helper without a stack', { message: 'no', stack: '' }, 'no'],
  ])('takes where the test begins if there %s', (_what, error, message) => {
    expect(detailOf(error)).toMatchObject({ line: 3, column: 1, message });
  });

  it('tells of tests that begin in the same line', () => {
    expect(detailOf(undefined, [3, 3, 8])).toMatchObject({ sharesLine: true });
    expect(detailOf(undefined, [3, 8, 8])).toMatchObject({ sharesLine: false });
  });
});
