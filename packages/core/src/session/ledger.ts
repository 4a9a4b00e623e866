import type { AttemptReport, TestIdentity } from '../vocabulary.ts';

interface Entry {
  readonly test: TestIdentity;
  state: 'pending' | 'failed' | 'flaky';
}

/** What an attempt changed: the test failed for good, or an earlier "for good" was contradicted by a later pass. */
export type LedgerChange =
  | { readonly type: 'failed' | 'contradicted'; readonly id: string; readonly test: TestIdentity }
  | undefined;

/**
 * What is known of each test that failed at least once in this run. Passing tests leave no trace, so its size
 * grows with failures and not with tests.
 */
export class Ledger {
  readonly #entries = new Map<string, Entry>();

  /** Folds one attempt in. Only a failed attempt after which the test will not run again is final. */
  record(report: AttemptReport): LedgerChange {
    const entry = this.#entries.get(report.id);
    switch (report.status) {
      case 'failed':
        return this.#recordFailure(report, entry);
      case 'passed':
        return this.#recordPass(report, entry);
      // A skipped attempt clears nothing: tests under a failed hook arrive as skipped.
      case 'skipped':
      case 'unknown':
        return undefined;
    }
  }

  #recordFailure(report: AttemptReport, known: Entry | undefined): LedgerChange {
    const entry: Entry = known ?? { test: report.test, state: 'pending' };
    if (known === undefined) this.#entries.set(report.id, entry);
    if (report.willRunAgain !== 'no') {
      if (entry.state === 'flaky') entry.state = 'pending';
      return undefined;
    }
    if (entry.state === 'failed') return undefined;
    entry.state = 'failed';
    return { type: 'failed', id: report.id, test: entry.test };
  }

  #recordPass(report: AttemptReport, entry: Entry | undefined): LedgerChange {
    if (entry === undefined || entry.state === 'flaky') return undefined;
    const contradicted = entry.state === 'failed';
    entry.state = 'flaky';
    return contradicted ? { type: 'contradicted', id: report.id, test: entry.test } : undefined;
  }

  /** Tests that failed at least once and whose last attempt passed. */
  get flaky(): number {
    return this.#count('flaky');
  }

  /** Tests that have failed for good. */
  get failed(): number {
    return this.#count('failed');
  }

  /** Tests that failed and of which nobody has said whether they run again. They explain no exit status. */
  get pending(): number {
    return this.#count('pending');
  }

  #count(state: Entry['state']): number {
    let count = 0;
    for (const entry of this.#entries.values()) if (entry.state === state) count++;
    return count;
  }
}
