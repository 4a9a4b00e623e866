/**
 * What is read of an event of node:test. Of one that `node --test` hands on from the process of a file, `entryFile` and
 * `testId` tell which process and which test it is about, where Node has them (24.20, 26.6); the parent's own events
 * about that file have no `entryFile`.
 */
export interface TestEvent {
  readonly type: string;
  readonly data: EventData;
}

export interface EventData {
  readonly name?: string;
  readonly nesting?: number;
  /** Absolute. */
  readonly file?: string;
  readonly line?: number;
  readonly column?: number;
  readonly entryFile?: string;
  readonly testId?: number;
  readonly parentId?: number;
  readonly details?: {
    readonly type?: string;
    readonly passed?: boolean;
    readonly error?: TestFailure;
  };
  readonly skip?: unknown;
  readonly todo?: unknown;
  /** Of a summary: false where the run, or the process of a file, has failed. */
  readonly success?: boolean;
  /** Of a diagnostic. */
  readonly message?: string;
}

/** Node's own error around what was thrown. */
export interface TestFailure {
  readonly failureType?: string;
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: unknown;
  /** How the process of a file has ended. */
  readonly exitCode?: number | null;
  readonly signal?: string | null;
}
