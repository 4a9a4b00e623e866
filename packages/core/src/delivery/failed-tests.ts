import type { MutedList } from '../muted/index.ts';
import type { TestIdentity } from '../vocabulary.ts';

/** A test that failed for good; `name` is redacted and for people, `muted` is `unknown` until the list is there. */
export interface FailedTest {
  readonly test: TestIdentity;
  readonly name: string;
  muted: boolean | 'unknown';
}

/** The tests of this run that failed for good, by key, and which of them are muted. */
export class FailedTests {
  readonly byKey = new Map<string, FailedTest>();

  count(muted: FailedTest['muted']): number {
    let count = 0;
    for (const failure of this.byKey.values()) if (failure.muted === muted) count++;
    return count;
  }

  namesOf(muted: FailedTest['muted']): string[] {
    return this.#with(muted).map((failure) => failure.name);
  }

  testsOf(muted: FailedTest['muted']): TestIdentity[] {
    return this.#with(muted).map((failure) => failure.test);
  }

  apply(list: MutedList): void {
    for (const failure of this.byKey.values()) failure.muted = list.match(failure.test) !== undefined;
  }

  #with(muted: FailedTest['muted']): FailedTest[] {
    return [...this.byKey.values()].filter((failure) => failure.muted === muted);
  }
}
