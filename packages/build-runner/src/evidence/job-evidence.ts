/** A command and the folder to run it in, below the repository's top folder. */
export interface RerunCommand {
  readonly folder: string;
  readonly command: string;
}

/** A test that failed for good. */
export interface FailedTest {
  readonly name: string;
  /** Below the repository's top folder. */
  readonly file?: string;
  readonly line?: number;
  readonly runner?: string;
  readonly project?: string;
  readonly attempts?: number;
  /** First lines of the failure's message. */
  readonly message?: string;
  /** Runs this test alone; an annotation tells only what runs all of them. */
  readonly rerun?: RerunCommand;
}

/** A failure that no test owns. */
export interface FailedOutsideTests {
  /** A file, or what has failed, in words. */
  readonly where: string;
  readonly message: string;
}

/** What a job has left of its failures at the promise: by its annotation, or its evidence file as an artifact. */
export interface JobEvidence {
  readonly source: 'annotation' | 'artifact';
  readonly tests: readonly FailedTest[];
  /** How many more there are. */
  readonly testsOmitted: number;
  readonly errors: readonly FailedOutsideTests[];
  /** Run just these again, one after the other. */
  readonly rerun: readonly RerunCommand[];
}
