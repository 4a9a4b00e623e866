import type { Project } from '../harness/harness.ts';
import type { Expectation, RowId } from './table.ts';

/** A departure from the row: for this runner, or for the versions in `when` (a semver range). */
interface Departure {
  readonly expect?: Expectation;
  /** Why this runner or version cannot run the row. */
  readonly cannot?: string;
  /** Why the expectation differs. */
  readonly because?: string;
}

/** The row's project in the words of one runner. */
export interface Fixture extends Project {
  readonly expect?: Expectation;
  readonly because?: string;
  /** The first range that holds the runner's version is taken. */
  readonly versions?: readonly (Departure & { readonly when: string })[];
}

/** For each row a project, or the sentence that says why this runner cannot have one. */
export type Fixtures = Readonly<Record<RowId, Fixture | { readonly cannot: string }>>;
