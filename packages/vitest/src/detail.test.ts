import { describe, expect, it } from 'vitest';
import type { TestCase } from 'vitest/node';
import { describeFailure } from './detail.ts';

interface Failed {
  readonly errors?: readonly object[];
  readonly retryCount?: number;
  readonly project?: string;
  readonly location?: { readonly line: number; readonly column: number };
}

const detailOf = ({ errors = [], retryCount = 0, project = '', location }: Failed) =>
  describeFailure({
    result: () => ({ state: 'failed', errors }),
    diagnostic: () => ({ retryCount }),
    module: { moduleId: '/repo/a.test.ts' },
    project: { name: project },
    location,
  } as unknown as TestCase);

const at = (file: string, line: number) => ({ file, line, column: 5, method: '' });

describe('describeFailure', () => {
  it('takes the place in the test file, not in what it calls', () => {
    const error = { message: 'no', stacks: [at('/repo/helper.ts', 9), at('/repo/a.test.ts', 14)] };
    expect(detailOf({ errors: [error], project: 'unit' })).toEqual({
      ...{ message: 'no', line: 14, column: 5, attempts: 1, project: 'unit' },
    });
  });

  it('reads the stack as a text where it is not parsed', () => {
    const error = { message: 'no', stack: 'Error: no\n    at /repo/a.test.ts:7:3' };
    expect(detailOf({ errors: [error] })).toMatchObject({ line: 7, column: 3 });
  });

  it('tells the first error of an only attempt, and the last one of several', () => {
    const errors = [{ message: 'first' }, { message: 'last' }];
    expect(detailOf({ errors })).toMatchObject({ message: 'first', attempts: 1 });
    expect(detailOf({ errors, retryCount: 1 })).toMatchObject({ message: 'last', attempts: 2 });
  });

  it('takes where the test begins if no error tells more', () => {
    expect(detailOf({ location: { line: 3, column: 1 } })).toMatchObject({ line: 3, message: undefined });
    expect(detailOf({}).line).toBeUndefined();
  });
});
