import { describeTrace } from './traces.ts';

const tests = `import { afterAll, describe, expect, test } from 'vitest';
import { attempt } from './probe.mjs';
test('fails', () => { expect(1).toBe(2); });
test('flaky', () => { expect(attempt('flaky')).toBe(2); });
test.skip('skipped', () => {});
test('skips itself', (context) => { context.skip(); });
test.fails('fails as expected', () => { expect(1).toBe(2); });
describe('block', () => {
  afterAll(() => { throw new Error('no'); });
  test('passes', () => {});
});
`;

/** Notes each hook as soon as it is called; \`onTaskUpdate\` comes as often as the clock will have it. */
const tracer = `import { note } from './probe.mjs';
const errors = (place) => place.errors().map(({ message }) => message.split('\\n')[0]).join() || 'no errors';
const shown = (test) => test.name + ' ' + test.result().state + ', ' + (test.result().errors?.length ?? 0) + ' errors'
  + (test.diagnostic()?.flaky ? ', flaky' : '');
export default class {
  onInit(vitest) { this.vitest = vitest; note('onInit'); }
  onTestRunStart(specifications) { note('onTestRunStart ' + specifications.length); }
  onTestModuleQueued() { note('onTestModuleQueued'); }
  onTestModuleCollected(module) {
    note('onTestModuleCollected ' + [...module.children.allTests()].length + ' tests, ' + errors(module));
  }
  onTestModuleStart(module) { note('onTestModuleStart'); }
  onTestModuleEnd(module) { note('onTestModuleEnd ' + module.state() + ', ' + errors(module)); }
  onTestSuiteReady(suite) { note('onTestSuiteReady ' + suite.name); }
  onTestSuiteResult(suite) { note('onTestSuiteResult ' + suite.name + ' ' + suite.state() + ', ' + errors(suite)); }
  onTestCaseReady(test) { note('onTestCaseReady ' + test.name); }
  onTestCaseResult(test) { note('onTestCaseResult ' + shown(test)); }
  onHookStart(hook) { note('onHookStart ' + hook.name); }
  onHookEnd(hook) { note('onHookEnd ' + hook.name); }
  onCoverage() { note('onCoverage'); }
  onFinishedReportCoverage() { note('onFinishedReportCoverage, exit code ' + process.exitCode); }
  onTestRunEnd(modules, unhandled, reason) {
    const polled = this.vitest.state.getUnhandledErrors().length;
    note('onTestRunEnd ' + modules.length + ', ' + unhandled.length + ' unhandled, ' + polled + ' polled, ' + reason
      + ', exit code ' + process.exitCode);
  }
}
`;

describeTrace('vitest', {
  files: { 'a.test.js': tests, 'tracer.mjs': tracer },
  config: `{ retry: 1, reporters: ['./tracer.mjs'], coverage: { enabled: true, reportOnFailure: true, reporter: [] } }`,
});
