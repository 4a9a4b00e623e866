import type { AttemptReport, RunError, Session } from '@promise-failure/core';
import type { EventData, TestEvent } from '../src/event.ts';

/** A session that writes down what it is told. */
export function recordingSession(active = true) {
  const told: string[] = [];
  const attempts: AttemptReport[] = [];
  const errors: RunError[] = [];
  const session: Session = {
    active,
    attemptFinished: (report) => {
      attempts.push(report);
      told.push(`${report.test.titlePath.join(' > ')} ${report.status}, again: ${report.willRunAgain}`);
    },
    failureLikely: () => told.push('failure likely'),
    isMuted: () => false,
    runFailed: (error) => {
      errors.push(error);
      told.push(`${error.kind}: ${error.message}${error.where ? ` in ${error.where}` : ''}`);
    },
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
  return { session, told, attempts, errors };
}

/** Absolute, as Node has it. */
export const path = (file: string) => `${process.cwd()}/${file}`;

export function event(type: string, data: EventData): TestEvent {
  return { type: `test:${type}`, data };
}

/** The data of a result that failed, by default for what the test itself threw. */
export function failure(name: string, more: EventData = {}, failureType = 'testCodeFailure'): EventData {
  const cause = new Error(`no ${name}`);
  const details = { passed: false, error: { failureType, message: 'wrapped', cause }, ...more.details };
  return { name, nesting: 0, file: path('a.test.js'), line: 7, column: 3, ...more, details };
}

/** The result of a file as a whole. */
export function fileFailure(file: string, failureType: string, exitCode = 1): EventData {
  const error = { failureType, message: 'test failed', exitCode };
  return { name: file, nesting: 0, file: path(file), line: 1, column: 1, details: { passed: false, error } };
}
