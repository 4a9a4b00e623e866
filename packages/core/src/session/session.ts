import type { OpenChannel } from '../channel/channel.ts';
import type { PromiseFailureOptions } from '../config/options.ts';
import type { Log } from '../log.ts';
import type { AttemptReport, RunError, RunnerName } from '../vocabulary.ts';
import type { WatchedProcess } from './process-watch.ts';

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
  /** Whether a test that has failed for good is muted: known when `close` has resolved, `false` before. */
  isMuted(id: string): boolean;
  /** Runs `fn` and returns its result; an error is logged once per hook and swallowed (`undefined`). */
  guard<T>(hook: string, fn: () => T): T | undefined;
}

/** What a session touches of the world; tests pass their own. */
export interface SessionSeams {
  readonly env?: Record<string, string | undefined>;
  readonly openChannel?: OpenChannel;
  readonly log?: Log;
  readonly process?: WatchedProcess;
}
