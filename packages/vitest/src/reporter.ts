import {
  createSession,
  type PromiseFailureOptions,
  readSettle,
  type Session,
  type SessionSetup,
  type Settle,
} from '@promise-failure/core';
import type { Reporter, SerializedError, TestCase, TestModule, TestSuite, Vitest } from 'vitest/node';
import { Facts } from './facts.ts';
import { settleIn } from './finality.ts';
import { Ordering } from './order.ts';
import { TestCount } from './test-count.ts';

/** Options of the Vitest reporter. */
export type VitestReporterOptions = PromiseFailureOptions & {
  /**
   * When a failure stands: after the test's last attempt, or at the end of its file, which a hook that rewrites
   * results cannot take back. @default 'attempt' (`PROMISE_FAILURE_SETTLE`)
   */
  readonly settle?: Settle;
};

/** How often, in milliseconds, errors that no test owns are asked for while no event comes. */
const pollMs = 250;

/** Tells core's session what Vitest's events mean. No hook throws, and only those after the run wait. */
export class PromiseFailureReporter implements Reporter {
  readonly #session: Session;
  readonly #facts: Facts;
  readonly #count = new TestCount();
  readonly #ordering: Ordering;
  #vitest: Vitest | undefined;
  #following = false;
  #isTotalTold = false;
  #poll: NodeJS.Timeout | undefined;

  constructor(options?: VitestReporterOptions, open: (setup: SessionSetup) => Session = createSession) {
    const settle = readSettle(options?.settle, process.env);
    this.#session = open({ runner: 'vitest', options, exitStatus: 1, rootDir: process.cwd() });
    this.#facts = new Facts(this.#session, settle);
    this.#ordering = new Ordering(options);
  }

  onInit(vitest: Vitest): Promise<void> | undefined {
    this.#session.guard('onInit', () => {
      this.#vitest = vitest;
      this.#facts.settle = settleIn(vitest, this.#facts.settle);
    });
    return this.#ordering.install(vitest);
  }

  /** Nothing is followed outside a run (`vitest list` collects), nor in watch mode, where no run is the last. */
  onTestRunStart(specifications: readonly unknown[]): void {
    this.#session.guard('onTestRunStart', () => {
      if (!this.#session.active || this.#vitest === undefined || this.#vitest.config.watch) return;
      this.#following = true;
      // The files of other shards are among the specifications.
      if (this.#vitest.config.shard === undefined) this.#count.expectFiles(specifications.length);
    });
  }

  /** Vitest forgets earlier errors after the start of the run: what is polled from here on stays. */
  onTestModuleQueued(_module: TestModule): void {
    this.#follow('onTestModuleQueued', () => {
      this.#poll ??= setInterval(() => this.#follow('poll', () => this.#tellUnhandled()), pollMs).unref();
    });
  }

  onTestModuleCollected(module: TestModule): void {
    this.#follow('onTestModuleCollected', () => {
      this.#count.add(module);
      if (this.#facts.settle === 'attempt') this.#facts.fileErrors(module);
      // A focused test where focus is forbidden has failed by now, and gets no result event of its own.
      for (const test of module.children.allTests('failed')) this.#facts.test(test, false);
    });
  }

  onTestCaseResult(test: TestCase): void {
    this.#follow('onTestCaseResult', () => this.#facts.test(test, false));
  }

  onTestSuiteResult(suite: TestSuite): void {
    this.#follow('onTestSuiteResult', () => {
      this.#tellUnhandled();
      if (this.#facts.settle === 'attempt') this.#facts.errors(suite, 'hook');
    });
  }

  onTestModuleEnd(module: TestModule): void {
    this.#follow('onTestModuleEnd', () => {
      this.#tellUnhandled();
      this.#facts.endedFile(module);
    });
  }

  async onTestRunEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: 'passed' | 'interrupted' | 'failed',
  ): Promise<void> {
    clearInterval(this.#poll);
    this.#follow('onTestRunEnd', () => this.#tellEnd(modules, errors, reason));
    this.#following = false;
    await this.#session.close({ cutShort: reason === 'interrupted' });
    const isMuted = (id: string) => this.#session.isMuted(id);
    this.#session.guard('onTestRunEnd', () => this.#ordering.record(modules, isMuted));
  }

  /** Called when coverage has been checked. Not in the documented interface (vitest node/core.ts, 4.0 to 5.1). */
  async onFinishedReportCoverage(): Promise<void> {
    this.#session.guard('onFinishedReportCoverage', () => {
      if (!this.#facts.isGreen || this.#vitest?.config.watch || process.exitCode !== 1) return;
      this.#facts.runError({ kind: 'limit', message: 'the coverage is below its threshold' });
    });
    await this.#session.close();
  }

  #tellEnd(
    modules: readonly TestModule[],
    errors: readonly SerializedError[],
    reason: 'passed' | 'interrupted' | 'failed',
  ): void {
    if (reason === 'interrupted' && !this.#vitest?.config.bail) {
      this.#session.cancelled();
      return;
    }
    // Merged reports bring their errors along; the state does not hold those.
    this.#tellUnhandled(errors);
    if (reason !== 'interrupted') this.#count.end(modules);
    if (reason === 'passed') return;
    for (const module of modules) this.#facts.endedFile(module);
    if (!this.#facts.isGreen) return;
    const message = modules.length === 0 ? 'no test file was run' : 'the test run failed';
    this.#facts.runError({ kind: 'other', message });
  }

  #tellUnhandled(errors: readonly unknown[] = this.#vitest?.state.getUnhandledErrors() ?? []): void {
    if (!this.#vitest?.config.dangerouslyIgnoreUnhandledErrors) this.#facts.unhandled(errors);
  }

  /** The total is of use beside failures only. */
  #tellTotal(): void {
    if (this.#isTotalTold || this.#facts.isGreen || !this.#count.isComplete) return;
    this.#isTotalTold = true;
    this.#session.testsTotal(this.#count.total);
  }

  /** Runs for every passing test: what costs time has to wait for a failure, or for the end of a file. */
  #follow(hook: string, fn: () => void): void {
    if (!this.#following) return;
    this.#session.guard(hook, () => {
      fn();
      this.#tellTotal();
    });
  }
}
