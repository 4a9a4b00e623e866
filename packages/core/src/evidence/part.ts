import type { DeclarerName, RunErrorKind, RunnerName } from '../vocabulary.ts';

/** A failed test as it is shown: redacted, without colours, and no longer than it may be. */
export interface ShownTest {
  /** The same in every run of the job, and not to be read. */
  readonly key: string;
  readonly titles: readonly string[];
  /** Regular expression that its full name matches, and those of few others. */
  readonly pattern: string;
  /** Absolute path. */
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly project: string | null;
  readonly attempts: number | null;
  readonly message: string | null;
  readonly testLine: number | null;
  readonly sharesLine: boolean;
}

export interface ShownError {
  readonly kind: RunErrorKind;
  readonly where: string | null;
  /** Absolute path. */
  readonly file: string | null;
  readonly message: string;
}

export interface Counts {
  readonly hard: number;
  readonly muted: number;
  readonly flaky: number;
  readonly contradicted: number;
}

/** What one run adds to its job's evidence. Times are milliseconds since the epoch. */
export interface Part {
  readonly runner: RunnerName;
  readonly root: string;
  /** Absolute path of the working directory. */
  readonly cwd: string;
  /** Arguments without which the runner would not find its configuration. */
  readonly flags: readonly string[];
  readonly process: number;
  /** How often a wrapper runs failed tests again, and the wrapper's process if it is known. */
  readonly outerRetries: number;
  readonly family: string;
  readonly dryRun: boolean;
  readonly startedAt: number;
  readonly finishedAt: number | null;
  readonly exitStatus: number | null;
  /** The decision has been for a promise, whatever became of it. */
  readonly certain: boolean;
  readonly promise: {
    readonly exitStatus: number;
    readonly at: number;
    readonly channel: DeclarerName;
    readonly outcome: 'declared' | 'debounced';
  } | null;
  readonly held: { readonly because: string; readonly by: string | null } | null;
  readonly counts: Counts;
  readonly tests: readonly ShownTest[];
  readonly testsOmitted: number;
  readonly errors: readonly ShownError[];
  readonly errorsOmitted: number;
  readonly mutedTests: readonly string[];
}
