import type { Channel, DeliverySummary, OpenChannel } from '../channel/channel.ts';
import { openWorkerChannel } from '../channel/worker-channel.ts';
import { monotonicMs } from '../clock.ts';
import { addProblems, type ConfigProblem, describeProblems, resolveConfig } from '../config/config.ts';
import type { Config, PromiseFailureOptions } from '../config/options.ts';
import type { Env } from '../env.ts';
import { createLog, type Log } from '../log.ts';
import type { AttemptReport, RunError, RunnerName } from '../vocabulary.ts';
import { Ledger } from './ledger.ts';
import { enterRun } from './nesting.ts';
import { type ProcessEvents, watchProcessEnd, watchSignals } from './process-end.ts';
import { describeEnd } from './summary.ts';

/** What a reporter knows when it is constructed. */
export interface SessionSetup {
  readonly runner: RunnerName;
  readonly options: PromiseFailureOptions | undefined;
  /** Exit status with which this runner reports failed tests; the `exitStatus` option overrides it. */
  readonly exitStatus: number;
  /** Folder of the run's configuration: tells runs of different projects in one job apart. */
  readonly rootDir: string;
  /** Why the process's exit does not follow the tests in this mode (`watch mode`); the session is then inert. */
  readonly silence?: string | undefined;
  /** What is wrong with the reporter's own options; told together with what is wrong with the others. */
  readonly problems?: readonly ConfigProblem[];
}

/**
 * All a reporter holds: it takes facts and causes at most one declaration per run.
 * No method throws, rejects, prints to stdout, or waits, except `close`, which waits for a pending declaration
 * for at most the drain timeout.
 */
export interface Session {
  /** False when there is nothing to do (off, not in a job, bad configuration, nested, silent): facts are ignored. */
  readonly active: boolean;
  /** An attempt of a test has ended. Passing tests leave no trace. */
  attemptFinished(report: AttemptReport): void;
  /**
   * A failure is likely, because an assertion or an attempt has failed that may yet be made good. Loads what a
   * promise needs beside the tests, so that it leaves sooner; declares nothing.
   */
  failureLikely(): void;
  /** A failure that no test owns: the runner is now certain to exit non-zero. */
  runFailed(error: RunError): void;
  /** The number of tests in this run, once it is certain (retries of a test count once). */
  testsTotal(total: number): void;
  /** The run is being cancelled: nothing is promised from here on. */
  cancelled(): void;
  /**
   * The run is over. Resolves when the pending declaration has its verdict, or after the drain timeout.
   * Calling it again is harmless: it waits for what is still pending. `cutShort`: not all tests of the run have
   * run (a limit of failures was reached, or it was interrupted).
   */
  close(end?: { readonly cutShort?: boolean }): Promise<void>;
  /** Runs `fn` and returns its result; an error is logged once per hook and swallowed (`undefined`). */
  guard<T>(hook: string, fn: () => T): T | undefined;
}

/** What a session touches of the world; tests pass their own. */
export interface SessionSeams {
  readonly env?: Record<string, string | undefined>;
  readonly openChannel?: OpenChannel;
  readonly log?: Log;
  readonly events?: ProcessEvents;
}

/**
 * Opens the session of one run. Reads the environment and the options, loads nothing heavy, touches no file and
 * no network. Bad configuration makes the session inert and is told in one message that names every problem.
 */
export function createSession(setup: SessionSetup, seams: SessionSeams = {}): Session {
  const env = seams.env ?? process.env;
  const resolved = addProblems(resolveConfig(setup.options, env, setup.exitStatus), setup.problems ?? []);
  const log = seams.log ?? createLog(resolved.type === 'on' ? resolved.config.debug : false);
  if (resolved.type === 'invalid') log.warn(describeProblems(resolved.problems));
  if (resolved.type !== 'on') return new InertSession(log);
  if (setup.silence !== undefined) {
    log.debug(`nothing is promised: ${setup.silence}`);
    return new InertSession(log);
  }
  const leaveRun = enterRun(env);
  if (leaveRun === undefined) {
    log.debug('nothing is promised: this run is part of another one');
    return new InertSession(log);
  }
  return new ActiveSession(setup, resolved.config, env, leaveRun, log, seams);
}

function guardWith<T>(hook: string, fn: () => T, onError: (text: string) => void): T | undefined {
  try {
    return fn();
  } catch (error) {
    onError(
      `an error of ours in ${hook} was swallowed: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}

class InertSession implements Session {
  readonly active = false;
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  attemptFinished(): void {}
  failureLikely(): void {}
  runFailed(): void {}
  testsTotal(): void {}
  cancelled(): void {}
  close(): Promise<void> {
    return Promise.resolve();
  }

  guard<T>(hook: string, fn: () => T): T | undefined {
    return guardWith(hook, fn, (text) => this.#log.warn(text));
  }
}

class ActiveSession implements Session {
  readonly active = true;
  readonly #setup: SessionSetup;
  readonly #config: Config;
  readonly #env: Env;
  readonly #log: Log;
  readonly #ledger = new Ledger();
  readonly #openChannel: OpenChannel;
  readonly #events: ProcessEvents;
  readonly #leaveRun: () => void;
  readonly #startedAt = monotonicMs();
  /** Opened at the first sign of a failure. */
  #ready: Channel | undefined;
  /** The same, once something was posted. */
  #channel: Channel | undefined;
  #total: number | undefined;
  #runErrors = 0;
  #ended: Promise<void> | undefined;
  #isCancelled = false;
  #drainedBeforeExit = false;
  /** What is left of the drain timeout, which all waiting at the end shares. */
  #patienceMs: number;

  constructor(
    setup: SessionSetup,
    config: Config,
    env: Env,
    leaveRun: () => void,
    log: Log,
    seams: SessionSeams,
  ) {
    this.#setup = setup;
    this.#config = config;
    this.#env = env;
    this.#log = log;
    this.#leaveRun = leaveRun;
    this.#patienceMs = config.drainTimeoutMs;
    this.#openChannel = seams.openChannel ?? openWorkerChannel;
    this.#events = seams.events ?? (process as ProcessEvents);
    watchProcessEnd(
      this.#events,
      (status) => this.guard('beforeExit', () => this.#beforeExit(status)),
      (status) => this.guard('exit', () => this.#exit(status)),
    );
  }

  attemptFinished(report: AttemptReport): void {
    const change = this.#ledger.record(report);
    if (change?.type === 'failed') this.#open().post({ type: 'failed', id: change.id, test: change.test });
    if (change?.type === 'contradicted') this.#channel?.post({ type: 'contradicted', id: change.id });
    if (change === undefined && report.status === 'failed') this.failureLikely();
  }

  failureLikely(): void {
    this.#getReady().warm();
  }

  runFailed(error: RunError): void {
    this.#runErrors++;
    this.#open().post({ type: 'run error', error });
  }

  testsTotal(total: number): void {
    this.#total = total;
    this.#channel?.post({ type: 'total', total });
  }

  cancelled(): void {
    this.#isCancelled = true;
    this.#channel?.post({ type: 'cancelled' });
  }

  close(end: { readonly cutShort?: boolean } = {}): Promise<void> {
    if (this.#ended !== undefined) return this.#ended.then(() => this.#drain()).then(() => undefined);
    this.#ended = this.#end(end.cutShort ?? false).catch((error: unknown) => this.#log.warn(String(error)));
    return this.#ended;
  }

  guard<T>(hook: string, fn: () => T): T | undefined {
    return guardWith(hook, fn, (text) => this.#open().post({ type: 'trouble', text }));
  }

  async #end(cutShort: boolean): Promise<void> {
    const endedAt = monotonicMs();
    this.#leaveRun();
    let summary: DeliverySummary | undefined;
    if (this.#channel !== undefined) {
      this.#channel.post({ type: 'end', ...(cutShort && { cutShort }) });
      const drained = await this.#drain();
      if (drained !== 'late') summary = drained;
      else
        this.#log.warn(
          `the declaration has no answer after ${this.#config.drainTimeoutMs} ms; the run ends without waiting for it`,
        );
    }
    describeEnd(this.#log, summary, this.#ledger.flaky, this.#config, endedAt);
  }

  async #drain(): Promise<DeliverySummary | 'late' | undefined> {
    const startedAt = monotonicMs();
    const summary = await this.#channel?.drain(this.#patienceMs);
    this.#patienceMs = Math.max(0, this.#patienceMs - (monotonicMs() - startedAt));
    return summary;
  }

  #getReady(): Channel {
    if (this.#ready !== undefined) return this.#ready;
    const setup = {
      runner: this.#setup.runner,
      rootDir: this.#setup.rootDir,
      config: this.#config,
      env: { ...this.#env },
      execArgv: process.execArgv,
      startedAt: this.#startedAt,
    };
    const tellTrouble = (error: unknown) =>
      this.#log.warn(`promising failed, the next failure tries again: ${String(error)}`);
    this.#ready = this.#openChannel(setup, tellTrouble);
    return this.#ready;
  }

  /** On the first failure, and not before. */
  #open(): Channel {
    if (this.#channel !== undefined) return this.#channel;
    this.#channel = this.#getReady();
    watchSignals(this.#events, () => this.cancelled());
    if (this.#total !== undefined) this.#channel.post({ type: 'total', total: this.#total });
    return this.#channel;
  }

  /** Nothing but the exit status tells of this failure (a coverage threshold, another reporter's error). */
  #noteExit(status: number): void {
    const unexplained = status > 0 && status < 128 && !this.#ledger.anyStanding && this.#runErrors === 0;
    if (!unexplained || this.#isCancelled) return;
    this.#runErrors++;
    const error = { kind: 'exit', message: `the test run exits with status ${status}` } as const;
    this.#open().post({ type: 'run error', error, exitStatus: status });
  }

  #beforeExit(status: number): void {
    this.#noteExit(status);
    // Once: waiting brings the process back to life, and it comes here again when it has nothing left to do.
    if (this.#drainedBeforeExit) return;
    this.#drainedBeforeExit = true;
    void this.#drain();
  }

  #exit(status: number): void {
    this.#noteExit(status);
    this.#channel?.drainSync(this.#patienceMs);
  }
}
