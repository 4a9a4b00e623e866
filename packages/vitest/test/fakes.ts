import type { Session } from '@promise-failure/core';
import type { TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';

/** A session that writes down what it is told. */
export function recordingSession(active = true) {
  const told: string[] = [];
  const session: Session = {
    active,
    attemptFinished: ({ test, status, willRunAgain }) =>
      told.push(`${test.name} ${status}, again: ${willRunAgain}`),
    failureLikely: () => told.push('failure likely'),
    isMuted: () => false,
    runFailed: ({ kind, message, where }) => told.push(`${kind}: ${message}${where ? ` in ${where}` : ''}`),
    testsTotal: (total) => told.push(`total ${total}`),
    cancelled: () => told.push('cancelled'),
    close: async () => {
      told.push('closed');
    },
    guard(hook, fn) {
      try {
        return fn();
      } catch (error) {
        told.push(`error in ${hook}: ${error}`);
        return undefined;
      }
    },
  };
  return { session, told };
}

interface Result {
  state: string;
  errors?: readonly { message: string }[] | undefined;
}

export interface FakeTest {
  readonly name: string;
  result: Result;
  readonly mode?: string;
}

export interface FakeFile {
  readonly name: string;
  state?: string;
  errors?: readonly { message: string }[];
  readonly blocks?: readonly { readonly name: string; readonly errors?: readonly { message: string }[] }[];
  readonly tests?: readonly FakeTest[];
}

/** A file as Vitest reports it, as far as a reporter looks; changes of the given objects show. */
export function fakeFile(file: FakeFile) {
  const module = {
    type: 'module',
    id: `id of ${file.name}`,
    moduleId: `/repo/${file.name}`,
    project: { config: { root: '/repo' } },
    state: () => file.state ?? 'pending',
    errors: () => file.errors ?? [],
    children: {
      get size() {
        return tests.length + suites.length;
      },
      allTests: (state?: string): unknown[] =>
        tests.filter((test) => state === undefined || test.result().state === state),
      allSuites: () => suites,
    },
  };
  const tests = (file.tests ?? []).map((test) => ({
    type: 'test',
    id: `id of ${test.name}`,
    name: test.name,
    module,
    parent: module,
    options: { mode: test.mode ?? 'run' },
    result: () => test.result,
  }));
  const suites = (file.blocks ?? []).map((block) => ({
    type: 'suite',
    id: `id of ${block.name}`,
    name: block.name,
    module,
    parent: module,
    errors: () => block.errors ?? [],
  }));
  return {
    module: module as unknown as TestModule,
    tests: tests as unknown as TestCase[],
    suites: suites as unknown as TestSuite[],
  };
}

/** Vitest itself; `unhandled` may be filled later. */
export function fakeVitest(
  config: Record<string, unknown> = {},
  unhandled: unknown[] = [],
  version = '4.1.12',
) {
  return { version, config, state: { getUnhandledErrors: () => unhandled } } as unknown as Vitest;
}

export const failed: Result = { state: 'failed', errors: [{ message: 'no' }] };
export const passed: Result = { state: 'passed' };
