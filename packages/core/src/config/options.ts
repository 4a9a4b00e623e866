/**
 * A test to mute: its titles from the outermost block to its own, joined by spaces, or scope and name as the test
 * collector uploads them. `*` stands for any text; white space counts as one space, none at the ends.
 * `file` narrows it to files whose path ends so.
 */
export type MutedOption = string | { readonly scope: string; readonly name: string; readonly file?: string };

/** What decides that a test has failed for good: its own last attempt, or the result of its whole file. */
export type Settle = 'attempt' | 'file';

/** Which test files run first: what will probably fail, or as the runner has it. */
export type Order = 'off' | 'red-first';

/**
 * Options every reporter takes, all optional. An option wins over its environment variable, a variable over
 * the default; `PROMISE_FAILURE=false` wins over everything. A type and not an interface: runners take a record of
 * options, to which an interface cannot be assigned.
 */
export type PromiseFailureOptions = {
  /** Hard failures needed before the promise: a whole number >= 1, or a share such as `'5%'`. @default 1 (`PROMISE_FAILURE_THRESHOLD`) */
  readonly threshold?: number | string;
  /** Exit status to promise, 1..255. @default the runner's own (`PROMISE_FAILURE_EXIT_STATUS`) */
  readonly exitStatus?: number;
  /** Milliseconds the end of the run waits for a pending declaration, 0..600000. @default 5000 (`PROMISE_FAILURE_DRAIN_TIMEOUT_MS`) */
  readonly drainTimeoutMs?: number;
  /** How often a wrapper re-runs failed tests in new processes, 0..100. @default bktec's, else 0 (`PROMISE_FAILURE_OUTER_RETRIES`) */
  readonly outerRetries?: number;
  /** Names a wrapper that may turn a failed run green, so that no early promise is made. @default none (`PROMISE_FAILURE_EXIT_WRAPPER`) */
  readonly exitWrapper?: string;
  /** Tests whose failures must not count. @default none */
  readonly muted?: readonly MutedOption[];
  /** A `.json` or `.yaml` file of muted tests, relative to the working directory. @default none (`PROMISE_FAILURE_MUTED_FILE`) */
  readonly mutedFile?: string;
  /**
   * Test Engine suite whose muted tests are respected: `organization/suite`, a suite of the job's organization,
   * or `none`. @default the suite of bktec's variables, if any (`PROMISE_FAILURE_MUTED_SUITE`)
   */
  readonly mutedSuite?: string;
  /** Whether what will probably fail runs first, with or without a promise. @default 'off' (`PROMISE_FAILURE_ORDER`) */
  readonly order?: Order;
  /** File (`.json`) or folder in which that order remembers failures. @default none (`PROMISE_FAILURE_HISTORY`) */
  readonly history?: string;
  /** Branch against which that order measures changes. @default the pull request's, else the pipeline's (`PROMISE_FAILURE_BASE`) */
  readonly base?: string;
  /** Annotate the build, from the promise on, with what has failed. @default false (`PROMISE_FAILURE_ANNOTATE`) */
  readonly annotate?: boolean;
  /**
   * File (`.json`) or folder in which the same is kept as JSON, relative to the working directory.
   * @default none (`PROMISE_FAILURE_EVIDENCE`)
   */
  readonly evidence?: string;
  /** Tell the whole story on stderr, secrets excepted. @default false (`PROMISE_FAILURE_DEBUG`) */
  readonly debug?: boolean;
};
