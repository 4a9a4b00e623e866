import { relative } from 'node:path';
import type {
  FullConfig,
  FullResult,
  Reporter,
  Suite,
  TestCase,
  TestError,
  TestResult,
  TestStep,
} from '@playwright/test/reporter';
import { createSession, type PromiseFailureOptions, type Session } from '@promise-failure/core';
import { asFinal, describeAttempt } from './attempt.ts';
import { Ordering, type Preprocess } from './order.ts';
import { findSilence } from './silence.ts';

/** Playwright's own pattern: a set-up, a configuration or a helper is nothing to run again. */
const testFile = /[.](spec|test)[.][cm]?[jt]sx?$/;

/** Playwright adds these to every reporter's own options, and more that begin with an underscore. */
interface AddedOptions {
  readonly configDir?: string;
  readonly _mode?: unknown;
  readonly _isTestServer?: unknown;
  /** With `--list`, as it is for Playwright's own reporters. */
  readonly onlyFailures?: unknown;
}

const added = new Set(['configDir', 'onlyFailures']);

function ownOptions(options: PromiseFailureOptions & AddedOptions): PromiseFailureOptions {
  const own = Object.entries(options).filter(([name]) => !added.has(name) && !name.startsWith('_'));
  return Object.fromEntries(own);
}

/** Translates Playwright's events into facts. It concludes nothing and prints nothing. */
export class PlaywrightReporter implements Reporter {
  readonly #session: Session;
  readonly #rootDir: string;
  /** Tests with more than a plain pass to their name that are not reported as failed for good. */
  readonly #undecided = new Map<string, TestCase>();
  readonly #ordering: Ordering;
  #flakyFails = process.argv.includes('--fail-on-flaky-tests');
  #explained = false;
  #cutShort = false;
  #begun = false;
  #status: FullResult['status'] = 'passed';

  /** Playwright gives the options; `open` is for tests. */
  constructor(options: PromiseFailureOptions & AddedOptions = {}, open = createSession) {
    this.#rootDir = options.configDir ?? process.cwd();
    this.#ordering = new Ordering(options, this.#rootDir);
    this.#session = open({
      runner: 'playwright',
      options: ownOptions(options),
      exitStatus: 1,
      rootDir: this.#rootDir,
      silence: findSilence({ options, argv: process.argv, env: process.env }),
    });
  }

  /**
   * A reporter of this kind is told errors at once; any other one is told errors of the global set-up and of
   * loading only after the global tear-down. Such a reporter must have every hook (reporterV2.ts, 1.40 to 1.65).
   */
  version(): 'v2' {
    return 'v2';
  }

  printsToStdio(): boolean {
    return false;
  }

  onConfigure(config: FullConfig): void {
    this.#guard('onConfigure', () => {
      // On the configuration since 1.61, and in its types since then.
      if ('failOnFlakyTests' in config && config.failOnFlakyTests === true) this.#flakyFails = true;
    });
  }

  /** Called since 1.62, before tests become groups for workers: the order of files in here is the one they run in. */
  async preprocess(run: Preprocess): Promise<void> {
    await this.#ordering.arrange(run);
  }

  onBegin(...args: [config: FullConfig, suite: Suite] | [suite: Suite]): void {
    const suite = args.length === 1 ? args[0] : args[1];
    this.#session.guard('onBegin', () => this.#ordering.began(suite));
    this.#guard('onBegin', () => {
      this.#begun = true;
      this.#session.testsTotal(suite.allTests().length);
    });
  }

  onTestEnd(test: TestCase, result: TestResult): void {
    if (test.results.length === 1 && result.status === test.expectedStatus) return;
    this.#afterAll('onTestEnd', () => {
      if (result.status !== 'interrupted') this.#attemptFinished(test);
    });
  }

  onError(error: TestError): void {
    this.#afterAll('onError', () => {
      const message = error.message ?? error.value ?? 'an error outside of tests';
      if (/Testing stopped early after \d+ maximum allowed failures/.test(message)) {
        this.#cutShort = true;
        // Before 1.48 failed attempts counted, and what is undecided then has caused it: a mute may cover that.
        if (!this.#explained) this.#settle((test) => test.outcome() === 'unexpected');
        if (this.#explained) return;
      }
      this.#runFailed(message, error.location?.file);
    });
  }

  async onEnd(result: FullResult): Promise<void> {
    this.#guard('onEnd', () => {
      this.#status = result.status;
      if (result.status !== 'interrupted') return;
      this.#cutShort = true;
      this.#session.cancelled();
    });
  }

  /** After the `onEnd` of every reporter, one listed later included, which may still rewrite results. */
  async onExit(): Promise<void> {
    await new Promise((resolve) => setImmediate(resolve));
    this.#guard('onExit', () => {
      if (this.#status !== 'passed' && this.#status !== 'interrupted') this.#runEnded(this.#status);
    });
    await this.#session.close({ cutShort: this.#cutShort });
    await this.#ordering.ended((id) => this.#session.isMuted(id));
  }

  onTestBegin(): void {}
  onStdOut(): void {}
  onStdErr(): void {}
  onStepBegin(): void {}

  /** A failed step may still be caught, or its attempt be retried; most are neither. */
  onStepEnd(test: TestCase, _result: TestResult, step: TestStep): void {
    if (step.error === undefined) return;
    this.#guard('onStepEnd', () => {
      if (test.expectedStatus === 'passed') this.#session.failureLikely();
    });
  }

  #attemptFinished(test: TestCase): void {
    const report = describeAttempt(test, this.#flakyFails);
    this.#session.attemptFinished(report);
    if (report.status === 'failed' && report.willRunAgain === 'no') {
      this.#explained = true;
      this.#undecided.delete(test.id);
    } else {
      this.#undecided.set(test.id, test);
    }
  }

  /** The runner's own verdict covers what no earlier event tells: a missing snapshot, flaky tests that fail. */
  #runEnded(status: string): void {
    this.#settle((test) => test.outcome() === 'unexpected');
    if (!this.#explained) this.#settle((test) => test.outcome() === 'flaky');
    if (this.#explained) return;
    this.#explained = true;
    this.#session.runFailed({ kind: 'limit', message: `the run ended as ${status}` });
  }

  #settle(which: (test: TestCase) => boolean): void {
    for (const test of this.#undecided.values()) {
      if (!which(test)) continue;
      this.#explained = true;
      this.#session.attemptFinished(asFinal(test));
    }
  }

  #runFailed(message: string, place?: string): void {
    this.#explained = true;
    this.#session.runFailed({
      kind: this.#begun ? 'other' : 'setup',
      message,
      ...(place !== undefined && { where: relative(this.#rootDir, place) }),
      ...(place !== undefined && testFile.test(place) && { file: place }),
    });
  }

  /**
   * One listed later may rewrite a result while it is told of it, also in steps of its own, and Playwright counts at
   * the end. All that happens comes this way, in order: an error that ends the run follows in the same turn as the
   * failure behind it.
   */
  #afterAll(hook: string, fn: () => void): void {
    setImmediate(() => this.#guard(hook, fn));
  }

  #guard(hook: string, fn: () => void): void {
    if (this.#session.active) this.#session.guard(hook, fn);
  }
}
