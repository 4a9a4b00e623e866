import type { FileResult } from '@promise-failure/order';
import type { TestCase, TestModule } from 'vitest/node';
import { keyOf } from './identity.ts';

/** Whether a failed test's failure does not count; tests are named by the reporter's own ids. */
export type IsMuted = (id: string) => boolean;

/** What a run showed of a file, or `undefined` for one that did not run to its end. */
export function toFileResult(module: TestModule, isMuted: IsMuted): FileResult | undefined {
  const state = module.state();
  if (state !== 'passed' && state !== 'failed') return undefined;
  let [ms, isFlaky] = [0, false];
  let firstFailureMs: number | undefined;
  for (const test of module.children.allTests()) {
    const diagnostic = test.diagnostic();
    ms += diagnostic?.duration ?? 0;
    isFlaky ||= diagnostic?.flaky === true;
    if (isRed(test, isMuted)) firstFailureMs ??= ms;
  }
  const { collectDuration, duration } = module.diagnostic();
  const isFailed = firstFailureMs !== undefined || (state === 'failed' && !isExplained(module));
  const outcome = isFailed ? 'failed' : isFlaky ? 'flaky' : 'passed';
  const isWhole = module.project.config.testNamePattern === undefined;
  const whole = isWhole ? collectDuration + duration : undefined;
  return { path: module.moduleId, outcome, ms: whole, firstFailureMs };
}

function isRed(test: TestCase, isMuted: IsMuted): boolean {
  return test.result().state === 'failed' && !isMuted(keyOf(test));
}

/** Failed tests alone have made the file fail, and none of its hooks or loading. */
function isExplained(module: TestModule): boolean {
  const { children } = module;
  const places = [module, ...children.allSuites()];
  const hasFailed = !children.allTests('failed').next().done;
  return hasFailed && places.every((place) => place.errors().length === 0);
}
