import type { FileResult } from '@promise-failure/order';
import type { TestModule } from 'vitest/node';

/** What a run showed of a file, or `undefined` for one that did not run to its end. */
export function toFileResult(module: TestModule): FileResult | undefined {
  const state = module.state();
  if (state !== 'passed' && state !== 'failed') return undefined;
  let [ms, isFlaky] = [0, false];
  let firstFailureMs: number | undefined;
  for (const test of module.children.allTests()) {
    const diagnostic = test.diagnostic();
    ms += diagnostic?.duration ?? 0;
    isFlaky ||= diagnostic?.flaky === true;
    if (test.result().state === 'failed') firstFailureMs ??= ms;
  }
  const { collectDuration, duration } = module.diagnostic();
  const outcome = state === 'failed' ? 'failed' : isFlaky ? 'flaky' : 'passed';
  return { path: module.moduleId, outcome, ms: collectDuration + duration, firstFailureMs };
}
