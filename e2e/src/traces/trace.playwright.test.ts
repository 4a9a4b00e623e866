import { describeTrace } from './traces.ts';

const tests = `import { expect, test } from '@playwright/test';
import { attempt } from './probe.cjs';
test('fails', () => { expect(1).toBe(2); });
test('flaky', () => { expect(attempt('flaky')).toBe(2); });
test.skip('skipped', () => {});
test('fails as expected', () => { test.fail(); expect(1).toBe(2); });
test.describe.serial('block', () => {
  test('first', () => { expect(attempt('first')).toBe(1); });
  test('second', () => { expect(1).toBe(2); });
});
`;

const tracer = `import { note } from './probe.mjs';
const name = (test) => test.title + ' ' + test.results.length + '/' + (test.retries + 1);
export default class {
  version() { return 'v2'; }
  printsToStdio() { return true; }
  onConfigure(config) { note('onConfigure'); }
  onBegin(suite) { note('onBegin ' + suite.allTests().length); }
  onTestBegin(test, result) { note('onTestBegin ' + name(test)); }
  onTestEnd(test, result) {
    note('onTestEnd ' + name(test) + ' ' + result.status + ', expected ' + test.expectedStatus + ', ' + test.outcome());
  }
  onStdOut() {}
  onStdErr() {}
  onStepBegin() {}
  onStepEnd() {}
  onError(error) { note('onError ' + error.message); }
  async onEnd(result) { note('onEnd ' + result.status); }
  async onExit() { note('onExit'); }
}
`;

describeTrace('playwright', {
  files: {
    'a.spec.js': tests,
    'tracer.mjs': tracer,
    'teardown.mjs': `export default () => { throw 'no'; };`,
  },
  config: `{ workers: 1, retries: 1, reporter: './tracer.mjs', globalTeardown: './teardown.mjs' }`,
});
