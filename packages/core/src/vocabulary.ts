/**
 * The words of the project as types. Nothing here runs; nothing here knows a runner or the wire.
 */

/** Name of a supported runner, as it appears in log lines and ledger files. */
export type RunnerName = 'jest' | 'vitest' | 'playwright' | 'node-test';

/**
 * Who a test is, to Buildkite's Test Engine and to a reader.
 * `scope` and `name` are byte for byte what the test collector uploads for this runner.
 */
export interface TestIdentity {
  readonly scope: string;
  readonly name: string;
  /** Absolute path of the test's file. */
  readonly file: string;
  /** Titles from the outermost describe to the test itself, for people. */
  readonly titlePath: readonly string[];
}

/**
 * How one attempt ended, by the runner's own reckoning: `failed` is an unexpected failure (an expected one is
 * `passed`), `unknown` is any status this version does not know, and can never cause a promise.
 */
export type AttemptStatus = 'passed' | 'failed' | 'skipped' | 'unknown';

/**
 * Whether the runner will execute the test again after this attempt: `no` makes the attempt final,
 * `unknown` means that a later fact (the file's or the run's result) decides.
 */
export type WillRunAgain = 'yes' | 'no' | 'unknown';

/** What is known of a failure beside that it happened: for people, never for the decision. */
export interface FailureDetail {
  /** The runner's message, colours and all; as long as it likes. */
  readonly message?: string | undefined;
  /** Where in the test's file it failed, else where the test begins; from 1. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
  /** The runner's project, where it has several. */
  readonly project?: string | undefined;
  /** How often the test was tried, the first time included. */
  readonly attempts?: number | undefined;
  /** Where the test begins, for a runner that takes tests by it. */
  readonly testLine?: number | undefined;
  /** Other tests begin there, too. */
  readonly sharesLine?: boolean | undefined;
}

/** One finished attempt of one test: a fact, not a conclusion. */
export interface AttemptReport {
  /** The runner's key for the test, unique within the run (same key = same test, further attempt). */
  readonly id: string;
  readonly test: TestIdentity;
  readonly status: AttemptStatus;
  readonly willRunAgain: WillRunAgain;
  /** Asked at once, of a failure for good, and only where somebody wants to read it. */
  readonly detail?: () => FailureDetail;
}

/** What kind of run error: a failure that no test owns. */
export type RunErrorKind =
  | 'file' // a test file that does not load, holds no tests, or whose worker died
  | 'hook'
  | 'setup'
  | 'teardown'
  | 'unhandled' // an unhandled rejection or exception
  | 'snapshot'
  | 'limit' // the runner's own limits: time, number of failures, flaky tests
  | 'exit' // known from the process's exit code alone
  | 'other';

/**
 * A failure that no test owns. No mute covers it. `where` is a file or a name, shown and used to tell two apart; `file`
 * is the absolute path of the test file that it belongs to, if there is one.
 */
export interface RunError {
  readonly kind: RunErrorKind;
  readonly message: string;
  readonly where?: string;
  readonly file?: string;
}

/** A count of hard failures, or a share of all tests in percent (0 < percent <= 100). */
export type Threshold = { readonly count: number } | { readonly percent: number };

/** What is declared to Buildkite: an exit status 1..255 and a redacted, shortened reason. */
export interface DeclareRequest {
  readonly exitStatus: number;
  readonly reason: string;
}

/**
 * A verdict of Buildkite on a declaration. A refusal is a value, never thrown.
 * `terminal`: repeating cannot change the answer; `transient`: it may; `unknown`: no evidence either way.
 */
export type DeclareResult =
  | { readonly accepted: true; readonly outcome: 'declared' | 'debounced'; readonly upstreamStatus?: number }
  | {
      readonly accepted: false;
      readonly outcome: 'declared' | 'debounced';
      readonly verdict: Verdict;
      readonly upstreamStatus?: number;
      readonly message: string;
    };

export type Verdict = 'terminal' | 'transient' | 'unknown';

/** Name of a way to reach Buildkite, in order of preference. */
export type DeclarerName = 'Job API' | 'Agent API' | 'buildkite-agent' | 'dry run';

/**
 * One way to reach Buildkite. Safe to repeat and to race: the endpoint is idempotent for one exit status.
 * Resolves with a verdict; rejects only with `DeclarerUnavailableError` (hand over to the next one at once).
 * Bound the waiting with `signal`. Source: buildkite/agent jobapi/promise_failure.go, api/jobs.go.
 */
export interface Declarer {
  readonly name: DeclarerName;
  /** Milliseconds without an answer after which the next declarer is asked as well; absent = no limit. */
  readonly patienceMs?: number;
  declare(request: DeclareRequest, signal: AbortSignal): Promise<DeclareResult>;
}
