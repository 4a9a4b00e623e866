import type { AggregatedResult, TestResult } from '@jest/test-result';
import { describe, expect, it } from 'vitest';
import { errorOfFile, errorOfRun } from './run-errors.ts';

const noSnapshots = { unchecked: 0, unmatched: 0 };
const result = (given: object) =>
  ({ numFailingTests: 0, testResults: [{}], snapshot: noSnapshots, ...given }) as unknown as TestResult;

describe('a file', () => {
  it.each([
    ['passes', {}, undefined],
    ['has failing tests', { numFailingTests: 1, snapshot: { unchecked: 0, unmatched: 1 } }, undefined],
    ['does not load', { testExecError: { message: 'no' }, testResults: [] }, 'file'],
    ['fails beside its tests', { testExecError: { message: '', stack: 'Error: no\n at x' } }, 'hook'],
    ['has an obsolete snapshot', { snapshot: { unchecked: 1, unmatched: 0 } }, 'snapshot'],
    ['has a mismatch that no test owns', { snapshot: { unchecked: 0, unmatched: 1 } }, 'snapshot'],
  ])('that %s', (_what, given, kind) => {
    expect(errorOfFile('/a', result(given), false)?.kind).toBe(kind);
  });

  it('has no obsolete snapshots where they are updated', () => {
    expect(errorOfFile('/a', result({ snapshot: { unchecked: 1, unmatched: 0 } }), true)).toBeUndefined();
  });

  it('is described by the first line of its error', () => {
    const testExecError = { message: '', stack: '\u001b[31mError: no\u001b[39m\n    at x' };
    expect(errorOfFile('/a', result({ testExecError }), false)).toMatchObject({
      message: 'Error: no',
      where: '/a',
    });
  });
});

describe('a run', () => {
  const run = (given: object) => ({ snapshot: noSnapshots, ...given }) as unknown as AggregatedResult;
  it.each([
    ['passes', {}, undefined],
    ['ends by an error of its own', { runExecError: { message: 'no' } }, 'other'],
    ['has an obsolete snapshot file', { snapshot: { ...noSnapshots, failure: true } }, 'snapshot'],
    [
      'has snapshot failures that files told',
      { snapshot: { unchecked: 1, unmatched: 0, failure: true } },
      undefined,
    ],
  ])('that %s', (_what, given, kind) => {
    expect(errorOfRun(run(given))?.kind).toBe(kind);
  });
});
