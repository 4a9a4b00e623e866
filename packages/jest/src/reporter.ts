import { relative } from 'node:path';
import type { Reporter, Test } from '@jest/reporters';
import type { AggregatedResult, TestCaseResult, TestResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import { createSession, readSettle, type Session } from '@promise-failure/core';
import { describeFailure } from './detail.ts';
import { FinalAttempts } from './final-attempts.ts';
import { identify, keyOf } from './identity.ts';
import { OpenFailures } from './open-failures.ts';
import type { JestReporterOptions } from './options.ts';
import { recordRun, sayUnlessArranged } from './order.ts';
import { errorOfFile, errorOfRun } from './run-errors.ts';
import { exitStatusOf, findSilence } from './silence.ts';

/** Translates Jest's events into facts. It concludes nothing and prints nothing. */
export class JestReporter implements Reporter {
  readonly #session: Session;
  readonly #options: Readonly<Record<string, unknown>>;
  readonly #rootDir: string;
  readonly #updatesSnapshots: boolean;
  /** The user's own code decides at the end: until then nothing is certain, and the process's exit tells. */
  readonly #rewritten: boolean;
  readonly #finalAttempts: FinalAttempts | undefined;
  readonly #failures = new OpenFailures();
  /** Failed tests after which Jest runs no further file; 0 for none. */
  readonly #bail: number;

  /** Jest gives the first three; `open` is for tests. */
  constructor(
    globalConfig: Config.GlobalConfig,
    options: JestReporterOptions = {},
    _context?: unknown,
    open = createSession,
  ) {
    this.#options = options as Readonly<Record<string, unknown>>;
    const settle = readSettle(options.settle, process.env);
    this.#session = open({
      runner: 'jest',
      options,
      exitStatus: exitStatusOf(globalConfig),
      rootDir: globalConfig.rootDir,
      silence: findSilence(globalConfig),
    });
    this.#rootDir = globalConfig.rootDir;
    this.#bail = globalConfig.bail;
    this.#updatesSnapshots = globalConfig.updateSnapshot === 'all';
    this.#rewritten = Boolean(globalConfig.testResultsProcessor);
    if (settle === 'attempt' && this.#follows) {
      this.#finalAttempts = new FinalAttempts(() =>
        this.#guard('failureLikely', () => this.#session.failureLikely()),
      );
    }
  }

  get #follows(): boolean {
    return this.#session.active && !this.#rewritten;
  }

  onRunStart(): void {
    this.#session.guard('onRunStart', () => sayUnlessArranged(this.#options));
    this.#guard('onRunStart', () => this.#finalAttempts?.open(process.env));
  }

  onTestFileStart(test: Test): void {
    this.#guard('onTestFileStart', () => {
      this.#failures.fileStarted(test.path);
      this.#finalAttempts?.follow(test.context.config);
    });
  }

  onTestCaseResult(test: Test, result: TestCaseResult): void {
    if (result.status === 'failed') this.#guard('onTestCaseResult', () => this.#attemptFailed(test, result));
  }

  onTestFileResult(test: Test, result: TestResult): void {
    if (this.#rewritten) this.#session.guard('onTestFileResult', () => this.#suspect(test.path, result));
    this.#guard('onTestFileResult', () => this.#fileFinished(test.path, result));
  }

  async onRunComplete(_contexts: unknown, results: AggregatedResult): Promise<void> {
    this.#guard('onRunComplete', () => {
      this.#session.testsTotal(results.numTotalTests);
      const error = errorOfRun(results);
      if (error !== undefined) this.#session.runFailed(error);
    });
    this.#session.guard('onRunComplete', () => this.#finalAttempts?.close(process.env));
    await this.#session.close({ cutShort: this.#bail > 0 && results.numFailedTests >= this.#bail });
    // Jest asks the sequencer to remember later, and only after a run that it did not cut short.
    const isMuted = (id: string) => this.#session.isMuted(id);
    this.#session.guard('onRunComplete', () => recordRun(results, isMuted));
  }

  #attemptFailed({ path, context }: Test, result: TestCaseResult): void {
    const id = keyOf(path, result);
    const identity = identify(path, result);
    this.#failures.attemptFailed(path, id, identity);
    // Without a word from the worker the file's result decides.
    const willRunAgain = this.#finalAttempts?.has(path, result) ? 'no' : 'unknown';
    const detail = () => describeFailure(path, result, context.config.displayName?.name);
    this.#session.attemptFinished({ id, test: identity, status: 'failed', willRunAgain, detail });
  }

  /** Failures that the user's own code may take back: the session learns that there are any, and that is all. */
  #suspect(path: string, result: TestResult): void {
    for (const test of result.testResults) {
      if (test.status !== 'failed') continue;
      const attempt = { id: keyOf(path, test), test: identify(path, test), status: 'failed' } as const;
      this.#session.attemptFinished({ ...attempt, willRunAgain: 'unknown' });
    }
  }

  #fileFinished(path: string, result: TestResult): void {
    const namesakes = new Map<string, number>();
    for (const test of result.testResults) {
      if (test.status !== 'failed') continue;
      const key = keyOf(path, test);
      const nth = namesakes.get(key) ?? 0;
      namesakes.set(key, nth + 1);
      this.#failures.settle(key);
      const id = nth === 0 ? key : `${key}\0${nth}`;
      const attempt = { id, test: identify(path, test), status: 'failed', willRunAgain: 'no' } as const;
      const detail = () => describeFailure(path, test, result.displayName?.name);
      this.#session.attemptFinished({ ...attempt, detail });
    }
    const error = errorOfFile(relative(this.#rootDir, path), result, this.#updatesSnapshots);
    if (error !== undefined) this.#session.runFailed({ ...error, file: path });
    for (const [id, test] of this.#failures.fileFinished(path)) {
      if (result.testResults.length === 0) continue;
      this.#session.attemptFinished({ id, test, status: 'passed', willRunAgain: 'no' });
    }
  }

  #guard(hook: string, fn: () => void): void {
    if (this.#follows) this.#session.guard(hook, fn);
  }
}
