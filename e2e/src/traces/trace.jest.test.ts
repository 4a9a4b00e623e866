import { inBand, project } from '../scenarios/jest-project.ts';
import { describeTrace } from './traces.ts';

const tests = `const { attempt } = require('./probe.cjs');
jest.retryTimes(1);
describe('block', () => {
  test('fails', () => { expect(1).toBe(2); });
  test('flaky', () => { expect(attempt('flaky')).toBe(2); });
  test.skip('skipped', () => {});
  test.todo('to do');
  test.failing('fails as expected', () => { expect(1).toBe(2); });
  describe('inner', () => {
    beforeAll(() => { throw new Error('no'); });
    test('has no chance', () => {});
  });
});
afterAll(() => { throw new Error('no'); });
`;

const tracer = `const { note } = require('./probe.cjs');
const name = (test) => require('node:path').basename(test.path);
const counts = (results) => 'failed ' + results.numFailedTests + ', total ' + results.numTotalTests;
module.exports = class {
  onRunStart() { note('onRunStart'); }
  onTestFileStart(test) { note('onTestFileStart ' + name(test)); }
  onTestStart() { note('onTestStart'); }
  onTestCaseStart(test, { title }) { note('onTestCaseStart ' + title); }
  onTestCaseResult(test, { title, status, invocations }) {
    note(['onTestCaseResult', title, status, invocations].join(' '));
  }
  onTestFileResult(test, { testExecError, testResults }) {
    note(['onTestFileResult', name(test), testExecError ? 'with error' : 'without error'].join(' '));
    for (const { title, status, invocations } of testResults) note(['-', title, status, invocations].join(' '));
  }
  onTestResult() { note('onTestResult'); }
  async onRunComplete(contexts, results) { note('onRunComplete ' + counts(results)); }
  getLastError() { note('getLastError'); }
};
`;

describeTrace(
  'jest',
  project(
    { 'a.test.js': tests, 'b.test.js': 'const = 1;', 'tracer.cjs': tracer },
    { config: `{ ${inBand}, reporters: ['./tracer.cjs'] }` },
  ),
);
