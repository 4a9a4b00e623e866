import type { RunView } from '../job/job-ledger.ts';
import type { MutedList } from '../muted/index.ts';
import type { RunError, TestIdentity } from '../vocabulary.ts';

/** A test that failed for good; `name` is redacted and for people, `muted` is `unknown` until the list is there. */
export interface FailedTest {
  readonly test: TestIdentity;
  readonly name: string;
  muted: boolean | 'unknown';
}

/** What has failed for good in this run, by key: tests, and which of them are muted, and errors that no test owns. */
export class Failures {
  readonly tests = new Map<string, FailedTest>();
  readonly runErrors = new Map<string, RunError>();
  /** Keys of the run errors that muted tests may account for. */
  readonly weak = new Set<string>();

  count(muted: FailedTest['muted']): number {
    let count = 0;
    for (const failure of this.tests.values()) if (failure.muted === muted) count++;
    return count;
  }

  /** Failures of tests not known to be muted, and run errors. */
  get hard(): number {
    return this.count(false) + this.count('unknown') + this.runErrors.size;
  }

  namesOf(muted: FailedTest['muted']): string[] {
    return this.#with(muted).map((failure) => failure.name);
  }

  testsOf(muted: FailedTest['muted']): TestIdentity[] {
    return this.#with(muted).map((failure) => failure.test);
  }

  apply(list: MutedList): void {
    for (const failure of this.tests.values()) failure.muted = list.match(failure.test) !== undefined;
  }

  /** As other processes of the job see them. */
  get view(): Pick<RunView, 'failed' | 'runErrors' | 'weak'> {
    return {
      failed: this.tests,
      weak: this.weak,
      runErrors: new Map([...this.runErrors].map(([key, error]) => [key, error.message])),
    };
  }

  #with(muted: FailedTest['muted']): FailedTest[] {
    return [...this.tests.values()].filter((failure) => failure.muted === muted);
  }
}
