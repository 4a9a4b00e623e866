import { afterEach, describe, expect, it, vi } from 'vitest';
import { type FakeFile, failed, fakeFile, fakeVitest, passed, recordingSession } from '../test/fakes.ts';
import { PromiseFailureReporter } from './reporter.ts';

interface Start {
  readonly config?: Record<string, unknown>;
  readonly unhandled?: unknown[];
  readonly files?: number;
  readonly active?: boolean;
}

function start({ config, unhandled, files = 1, active }: Start = {}) {
  const { session, told } = recordingSession(active);
  const reporter = new PromiseFailureReporter(undefined, () => session);
  reporter.onInit(fakeVitest(config, unhandled));
  reporter.onTestRunStart(Array.from({ length: files }));
  return { reporter, told };
}

const failing: FakeFile = { name: 'a', state: 'failed', tests: [{ name: 'pays', result: failed }] };
const focused: FakeFile = {
  name: 'a',
  tests: [
    { name: 'focused', result: failed, mode: 'only' },
    { name: 'pays', result: { state: 'pending' } },
  ],
};

describe('a run', () => {
  it('is followed from hook to hook', async () => {
    const { reporter, told } = start();
    const { module, tests, suites } = fakeFile({
      ...failing,
      blocks: [{ name: 'Checkout', errors: [{ message: 'hook' }] }],
    });
    for (const suite of suites) reporter.onTestSuiteResult(suite);
    for (const test of tests) reporter.onTestCaseResult(test);
    reporter.onTestModuleEnd(module);
    await reporter.onTestRunEnd([module], [], 'failed');
    expect(told[0]).toBe('hook: hook in a > Checkout');
    expect(told[1]).toBe('pays failed, again: no');
    expect(told.at(-1)).toBe('closed');
    expect(told.filter((line) => line.startsWith('hook'))).toHaveLength(1);
  });

  it.each([
    ['in watch mode', { config: { watch: true } }],
    ['when there is nothing to do', { active: false }],
  ])('is not followed %s', async (_when, setup) => {
    const { reporter, told } = start(setup);
    const { module, tests } = fakeFile({ ...failing, errors: [{ message: 'no' }] });
    reporter.onTestModuleCollected(module);
    for (const test of tests) reporter.onTestCaseResult(test);
    reporter.onTestModuleEnd(module);
    await reporter.onTestRunEnd([module], [{ message: 'no' }], 'failed');
    expect(told).toEqual(['closed']);
  });

  it('that never starts is none: tests are collected for a list', () => {
    const { session, told } = recordingSession();
    const reporter = new PromiseFailureReporter(undefined, () => session);
    reporter.onTestModuleCollected(fakeFile(focused).module);
    expect(told).toEqual([]);
  });

  it('survives an error of ours', () => {
    const { reporter, told } = start();
    reporter.onTestCaseResult(undefined as never);
    expect(told).toEqual([expect.stringContaining('error in onTestCaseResult')]);
  });
});

describe('a collected file', () => {
  it('tells why it does not load', () => {
    const { reporter, told } = start();
    reporter.onTestModuleCollected(fakeFile({ name: 'a', errors: [{ message: 'syntax' }] }).module);
    expect(told).toEqual(['file: syntax in a', 'total 0']);
  });

  it('tells which focused tests are refused', () => {
    const { reporter, told } = start();
    reporter.onTestModuleCollected(fakeFile(focused).module);
    expect(told).toEqual(['focused failed, again: no', 'total 2']);
  });

  const three = [
    { name: 'one', result: failed },
    { name: 'two', result: { state: 'skipped' }, mode: 'skip' },
    { name: 'three', result: { state: 'skipped' }, mode: 'todo' },
  ];

  it('completes the total when it is the last one', () => {
    const { reporter, told } = start({ files: 2 });
    reporter.onTestModuleCollected(fakeFile({ name: 'a', tests: three }).module);
    reporter.onTestModuleCollected(fakeFile({ name: 'a', tests: three }).module);
    expect(told).not.toContain('total 2');
    reporter.onTestModuleCollected(fakeFile({ name: 'b', tests: three }).module);
    reporter.onTestModuleEnd(fakeFile({ name: 'b', tests: three }).module);
    expect(told.filter((line) => line.startsWith('total'))).toEqual(['total 2']);
  });

  it('completes no total as long as all is green', async () => {
    const { reporter, told } = start();
    const { module } = fakeFile({ name: 'a', tests: [{ name: 'one', result: passed }] });
    reporter.onTestModuleCollected(module);
    await reporter.onTestRunEnd([module], [], 'passed');
    expect(told).toEqual(['closed']);
  });

  it('completes no total in a shard before the end of the run', async () => {
    const { reporter, told } = start({ config: { shard: { index: 1, count: 2 } } });
    const { module } = fakeFile({ name: 'a', tests: three });
    reporter.onTestModuleCollected(module);
    expect(told).toEqual(['one failed, again: no']);
    await reporter.onTestRunEnd([module], [], 'failed');
    expect(told.slice(-2)).toEqual(['total 1', 'closed']);
  });

  it('settles nothing yet where its end has to', () => {
    const { reporter, told } = start({ config: { dangerouslyIgnoreUnhandledErrors: true } });
    reporter.onTestModuleCollected(fakeFile({ ...focused, errors: [{ message: 'syntax' }] }).module);
    expect(told).toEqual(['focused failed, again: unknown', 'total 2']);
  });
});

describe('an error that no test owns', () => {
  afterEach(() => {
    vi.useRealTimers();
  });

  it('is told when the next file ends', () => {
    const unhandled: unknown[] = [];
    const { reporter, told } = start({ unhandled });
    unhandled.push({ message: 'rejected' });
    reporter.onTestModuleEnd(fakeFile({ name: 'a', state: 'passed' }).module);
    expect(told[0]).toEqual('unhandled: rejected');
  });

  it('is told while no event comes, and the polling ends with the run', async () => {
    vi.useFakeTimers();
    const unhandled: unknown[] = [];
    const { reporter, told } = start({ unhandled });
    reporter.onTestModuleQueued(fakeFile({ name: 'a' }).module);
    unhandled.push({ message: 'rejected' });
    vi.advanceTimersByTime(300);
    expect(told).toEqual(['unhandled: rejected']);
    await reporter.onTestRunEnd([], [], 'passed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('is not told where Vitest ignores it', async () => {
    const error = { message: 'rejected' };
    const { reporter, told } = start({
      config: { dangerouslyIgnoreUnhandledErrors: true },
      unhandled: [error],
    });
    const { module } = fakeFile({ name: 'a', state: 'passed' });
    reporter.onTestModuleEnd(module);
    await reporter.onTestRunEnd([module], [error], 'passed');
    expect(told).toEqual(['closed']);
  });
});

describe('the end of a run', () => {
  it.each([
    ['it brings errors of merged reports', [], [{ message: 'rejected' }], 'passed', 'unhandled: rejected'],
    ['no file was run', [], [], 'failed', 'other: no test file was run'],
    ['nothing explains it', [{ name: 'a', state: 'pending' }], [], 'failed', 'other: the test run failed'],
    ['a file never told its end', [failing], [], 'failed', 'pays failed, again: no'],
  ] as const)('tells the failure when %s', async (_when, files, errors, reason, expected) => {
    const { reporter, told } = start();
    await reporter.onTestRunEnd(
      files.map((file) => fakeFile(file).module),
      errors,
      reason,
    );
    expect(told.filter((line) => !line.startsWith('total'))).toEqual([expected, 'closed']);
  });

  it('is a cancellation when the run is interrupted', async () => {
    const { reporter, told } = start({ config: { bail: 0 } });
    await reporter.onTestRunEnd([fakeFile({ name: 'a', state: 'pending' }).module], [], 'interrupted');
    expect(told).toEqual(['cancelled', 'closed']);
  });

  it('is a failure when the run stops at its first failures', async () => {
    const { reporter, told } = start({ config: { bail: 1 } });
    await reporter.onTestRunEnd([fakeFile(failing).module], [], 'interrupted');
    expect(told).toEqual(['pays failed, again: no', 'closed']);
  });
});

describe('coverage below its threshold', () => {
  const exitCode = process.exitCode;
  afterEach(() => {
    process.exitCode = exitCode;
  });

  it('is told when it alone fails the run', async () => {
    const { reporter, told } = start();
    process.exitCode = 1;
    await reporter.onFinishedReportCoverage();
    process.exitCode = exitCode;
    expect(told).toEqual(['limit: the coverage is below its threshold', 'closed']);
  });

  it('is not told in watch mode', async () => {
    const { reporter, told } = start({ config: { watch: true } });
    process.exitCode = 1;
    await reporter.onFinishedReportCoverage();
    process.exitCode = exitCode;
    expect(told).toEqual(['closed']);
  });

  it('is not told when a test has failed, or the exit code is no failure', async () => {
    const green = start();
    await green.reporter.onFinishedReportCoverage();
    expect(green.told).toEqual(['closed']);

    const red = start();
    for (const test of fakeFile(failing).tests) red.reporter.onTestCaseResult(test);
    process.exitCode = 1;
    await red.reporter.onFinishedReportCoverage();
    process.exitCode = exitCode;
    expect(red.told).toEqual(['pays failed, again: no', 'closed']);
  });
});
