import { type FailureDetail, placeInStack } from '@promise-failure/core';
import type { EventData, TestFailure } from './event.ts';

/** Node wraps what was thrown in an error of its own. */
export function describeFailure({ file = '', line, column, details }: EventData): FailureDetail {
  const { stack } = thrown(details?.error);
  return {
    message: messageOf(details?.error),
    ...((typeof stack === 'string' && placeInStack(stack, file)) || { line, column }),
    attempts: 1,
  };
}

export function messageOf(error: TestFailure | undefined): string {
  if (error?.signal) return `the file was ended by ${error.signal}`;
  if (error?.exitCode) return `the file ended with exit code ${error.exitCode}`;
  const { message } = thrown(error);
  return message === undefined ? 'failed' : String(message);
}

function thrown(error: TestFailure | undefined): { readonly message?: unknown; readonly stack?: unknown } {
  const { cause } = error ?? {};
  if (typeof cause === 'object' && cause !== null) return cause;
  return cause === undefined ? (error ?? {}) : { message: cause };
}
