import type { TestCase, TestResult, TestStep } from '@playwright/test/reporter';
import type { Session } from '@promise-failure/core';
import { expect, it } from 'vitest';
import { PlaywrightReporter } from './reporter.ts';

it.each([
  ['passed', { message: 'no' }, ['failure likely']],
  ['passed', undefined, []],
  ['failed', { message: 'as expected' }, []],
])('gets ready when a step fails in a test that should pass: %s, %j', (expectedStatus, error, expected) => {
  const told: string[] = [];
  const session: Partial<Session> = {
    active: true,
    failureLikely: () => told.push('failure likely'),
    isMuted: () => false,
    guard: (_hook, fn) => fn(),
  };
  const reporter = new PlaywrightReporter({}, () => session as Session);
  reporter.onStepEnd({ expectedStatus } as TestCase, {} as TestResult, { error } as TestStep);
  expect(told).toEqual(expected);
});
