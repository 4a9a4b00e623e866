import { channel } from 'node:diagnostics_channel';
import type { Test } from '@jest/reporters';
import type { AggregatedResult, TestCaseResult, TestResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import type { Session, SessionSetup } from '@promise-failure/core';
import { describe, expect, it } from 'vitest';
import type { JestReporterOptions } from './options.ts';
import { JestReporter } from './reporter.ts';

function start(config: object = {}, options: JestReporterOptions = { settle: 'file' }, active = true) {
  const told: string[] = [];
  const setups: SessionSetup[] = [];
  const session: Session = {
    active,
    attemptFinished: ({ test, status, willRunAgain }) =>
      told.push(`${test.name} ${status}, again: ${willRunAgain}`),
    failureLikely: () => told.push('failure likely'),
    isMuted: () => false,
    runFailed: ({ kind, where }) =>
      told.push(`run error: ${kind}${where === undefined ? '' : ` in ${where}`}`),
    testsTotal: (total) => told.push(`total: ${total}`),
    cancelled: () => told.push('cancelled'),
    close: async () => void told.push('closed'),
    guard: (hook, fn) => {
      try {
        return fn();
      } catch {
        told.push(`swallowed in ${hook}`);
        return undefined;
      }
    },
  };
  const globalConfig = { rootDir: '/', testFailureExitCode: 1, ...config } as Config.GlobalConfig;
  const reporter = new JestReporter(globalConfig, options, undefined, (setup) => {
    setups.push(setup);
    return session;
  });
  return { reporter, told, setup: setups[0] };
}

const file = { path: '/a.test.js', context: { config: { setupFilesAfterEnv: [] } } } as unknown as Test;
const one = (status: string, title = 'pays') =>
  ({ status, title, ancestorTitles: [], invocations: 1 }) as unknown as TestCaseResult;
const snapshot = { unchecked: 0, unmatched: 0 };
const result = (...testResults: TestCaseResult[]) =>
  ({ testResults, numFailingTests: 0, snapshot }) as unknown as TestResult;
const end = { numTotalTests: 2, snapshot } as unknown as AggregatedResult;

describe('a run', () => {
  it('is told as facts, and only where something failed', async () => {
    const { reporter, told } = start();
    reporter.onRunStart();
    reporter.onTestFileStart(file);
    for (const attempt of [one('passed', 'ships'), one('failed'), one('failed', 'flaky')]) {
      reporter.onTestCaseResult(file, attempt);
    }
    reporter.onTestFileResult(file, result(one('passed', 'ships'), one('failed'), one('passed', 'flaky')));
    await reporter.onRunComplete(undefined, end);
    expect(told).toEqual([
      ...['pays failed, again: unknown', 'flaky failed, again: unknown'],
      ...['pays failed, again: no', 'flaky passed, again: no', 'total: 2', 'closed'],
    ]);
  });

  it('counts tests with the same titles one by one', () => {
    const { reporter, told } = start();
    reporter.onTestFileResult(file, result(one('failed'), one('failed')));
    expect(told).toHaveLength(2);
  });

  it('names the file of a run error as it stands below the root', () => {
    const { reporter, told } = start({ rootDir: '/repo' });
    const broken = { ...result(), testExecError: { message: 'broke' } } as unknown as TestResult;
    reporter.onTestFileResult({ ...file, path: '/repo/src/a.test.js' } as Test, broken);
    expect(told).toEqual(['run error: file in src/a.test.js']);
  });

  it('tells of a result that the user rewrites no more than that a test has failed', async () => {
    const { reporter, told } = start({ testResultsProcessor: '/processor.js' });
    reporter.onTestCaseResult(file, one('failed'));
    reporter.onTestFileResult(file, result(one('failed')));
    await reporter.onRunComplete(undefined, end);
    expect(told).toEqual(['pays failed, again: unknown', 'closed']);
  });

  it('gets ready when a test in this process has begun to fail', async () => {
    const { reporter, told } = start({}, {});
    reporter.onRunStart();
    channel('promise-failure:jest:failure-likely').publish(undefined);
    expect(told).toEqual(['failure likely']);
    await reporter.onRunComplete(undefined, end);
  });

  it('changes no configuration when there is nothing to do', () => {
    const { reporter, told } = start({}, {}, false);
    reporter.onRunStart();
    reporter.onTestFileStart(file);
    reporter.onTestCaseResult(file, one('failed'));
    expect(told).toEqual([]);
    expect(file.context.config.setupFilesAfterEnv).toEqual([]);
    expect(process.env.PROMISE_FAILURE_JEST_FINAL).toBeUndefined();
  });

  it.each([
    [{ testFailureExitCode: 3 }, { exitStatus: 3, silence: undefined }],
    [{ watch: true }, { exitStatus: 1, silence: 'watch mode' }],
  ])('opens its session by the configuration: %j', (config, setup) => {
    expect(start(config).setup).toMatchObject({ runner: 'jest', rootDir: '/', ...setup });
  });
});

it('lets no error escape from any hook', async () => {
  const { reporter, told } = start({}, { settle: 'attempt' });
  const broken = Object.freeze({}) as never;
  reporter.onTestFileStart(broken);
  reporter.onTestCaseResult(file, { status: 'failed' } as never);
  reporter.onTestFileResult(file, broken);
  await reporter.onRunComplete(undefined, broken);
  expect(told.filter((line) => line.startsWith('swallowed'))).toEqual([
    ...['swallowed in onTestFileStart', 'swallowed in onTestCaseResult'],
    ...['swallowed in onTestFileResult', 'swallowed in onRunComplete'],
  ]);
  expect(told.at(-1)).toBe('closed');
});
