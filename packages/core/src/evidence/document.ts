import type { DeclarerName, RunErrorKind, RunnerName } from '../vocabulary.ts';
import type { Counts } from './part.ts';

/** A command and where to run it, below the repository's top folder. */
export interface Command {
  readonly folder: string;
  readonly command: string;
}

export interface EvidencePromise {
  readonly exit_status: number;
  readonly promised_at: string;
  readonly channel: DeclarerName;
  readonly outcome: 'declared' | 'debounced' | 'dry run';
  readonly head_start_ms: number | null;
}

interface Held {
  readonly because: string;
  readonly by: string | null;
}

export interface EvidenceTest {
  readonly name: string;
  readonly titles: readonly string[];
  readonly file: string;
  readonly line: number | null;
  readonly column: number | null;
  readonly runner: RunnerName;
  readonly project: string | null;
  readonly attempts: number | null;
  readonly message: string | null;
  readonly rerun: Command | null;
}

export interface EvidenceError {
  readonly kind: RunErrorKind;
  readonly where: string | null;
  readonly file: string | null;
  readonly message: string;
  readonly runner: RunnerName;
}

export interface EvidenceRun {
  readonly runner: RunnerName;
  readonly folder: string;
  readonly process: number;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly exit_status: number | null;
  readonly promise: EvidencePromise | null;
  readonly held: Held | null;
  readonly counts: Counts;
}

export interface EvidenceJob {
  readonly id: string;
  readonly url: string | null;
  readonly build: { readonly id: string | null; readonly number: number | null; readonly url: string | null };
  readonly organization: string | null;
  readonly pipeline: string | null;
  readonly branch: string | null;
  readonly commit: string | null;
  readonly step: { readonly id: string | null; readonly key: string | null; readonly label: string | null };
  readonly parallel_job: number | null;
  readonly retry_count: number | null;
}

/** The evidence of one job, as evidence.schema.json describes it. */
export interface EvidenceDocument {
  readonly version: 1;
  readonly dry_run: boolean;
  readonly updated_at: string;
  readonly started_at: string;
  readonly finished_at: string | null;
  readonly exit_status: number | null;
  readonly job: EvidenceJob | null;
  readonly promise: EvidencePromise | null;
  readonly held: Held | null;
  readonly counts: Counts;
  readonly tests: readonly EvidenceTest[];
  readonly tests_omitted: number;
  readonly errors: readonly EvidenceError[];
  readonly errors_omitted: number;
  readonly muted_tests: readonly string[];
  readonly rerun: readonly Command[];
  readonly runs: readonly EvidenceRun[];
}
