import { StateMap } from '../state-map.ts';
import type { AttemptReport, TestIdentity } from '../vocabulary.ts';

const states = ['pending', 'failed', 'flaky'] as const;
type State = (typeof states)[number];

/** What an attempt changed: the test failed for good, or an earlier "for good" was contradicted by a later pass. */
export type LedgerChange =
  | { readonly type: 'failed'; readonly id: string; readonly test: TestIdentity }
  | { readonly type: 'contradicted'; readonly id: string; readonly test: TestIdentity }
  | undefined;

/**
 * What is known of each test that failed at least once in this run. Passing tests leave no trace, so its size
 * grows with failures and not with tests, and little with these: who a test is comes with each report.
 */
export class Ledger {
  readonly #states = new StateMap(states);
  readonly #counts: Record<State, number> = { pending: 0, failed: 0, flaky: 0 };

  /** Folds one attempt in. Only a failed attempt after which the test will not run again is final. */
  record(report: AttemptReport): LedgerChange {
    const { status } = report;
    if (status === 'failed') return this.#recordFailure(report);
    // A skipped attempt clears nothing: tests under a failed hook arrive as skipped.
    if (status !== 'passed' || this.#states.isEmpty) return undefined;
    return this.#recordPass(report);
  }

  #recordFailure({ id, test, willRunAgain }: AttemptReport): LedgerChange {
    const known = this.#states.get(id);
    if (willRunAgain !== 'no') {
      if (known !== 'failed') this.#move(id, known, 'pending');
      return undefined;
    }
    if (known === 'failed') return undefined;
    this.#move(id, known, 'failed');
    return { type: 'failed', id, test };
  }

  #recordPass({ id, test }: AttemptReport): LedgerChange {
    const known = this.#states.get(id);
    if (known === undefined) return undefined;
    this.#move(id, known, 'flaky');
    return known === 'failed' ? { type: 'contradicted', id, test } : undefined;
  }

  #move(id: string, from: State | undefined, to: State): void {
    if (from !== undefined) this.#counts[from]--;
    this.#counts[to]++;
    this.#states.set(id, to);
  }

  /** Tests that failed at least once and whose last attempt passed. */
  get flaky(): number {
    return this.#counts.flaky;
  }

  /** Tests that have failed for good. */
  get failed(): number {
    return this.#counts.failed;
  }

  /** Tests that failed and of which nobody has said whether they run again. They explain no exit status. */
  get pending(): number {
    return this.#counts.pending;
  }
}
