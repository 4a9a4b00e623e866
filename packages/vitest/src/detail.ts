import { type FailureDetail, type Place, placeInStack } from '@promise-failure/core';
import type { TestCase } from 'vitest/node';

/** Errors come from the workers as plain objects, with the stack already parsed. */
interface Failure {
  readonly message?: unknown;
  readonly stack?: unknown;
  readonly stacks?: readonly { readonly file: string; readonly line: number; readonly column: number }[];
}

export function describeFailure(test: TestCase): FailureDetail {
  const errors: readonly Failure[] = test.result().errors ?? [];
  const retries = test.diagnostic()?.retryCount ?? 0;
  // All attempts leave their errors in one list: of several attempts the last one's is the last.
  const error = retries > 0 ? errors.at(-1) : errors[0];
  const file = test.module.moduleId;
  const place = error === undefined ? undefined : placeOf(error, file);
  return {
    message: error?.message === undefined ? undefined : String(error.message),
    ...(place ?? test.location),
    attempts: retries + 1,
    project: test.project.name || undefined,
  };
}

function placeOf({ stacks = [], stack }: Failure, file: string): Place | undefined {
  const frame = stacks.find((each) => each.file === file);
  if (frame !== undefined) return { line: frame.line, column: frame.column };
  return typeof stack === 'string' ? placeInStack(stack, file) : undefined;
}
