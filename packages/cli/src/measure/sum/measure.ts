import type { BuildFacts } from '../facts/facts.ts';
import { type BuildRow, buildRow } from './build-row.ts';
import { type JobRow, jobRows } from './job-row.ts';
import { type Spread, spreadOf } from './spread.ts';

/** Where the facts come from. */
export type MeasureSource =
  | {
      readonly type: 'pipeline';
      readonly pipeline: string;
      readonly branch: string | null;
      readonly from: string;
      readonly to: string;
    }
  | { readonly type: 'files'; readonly files: number; readonly dryRuns: number };

/** What promises were worth, or would have been. The shape of `--json`. */
export interface Measure {
  readonly version: 1;
  readonly source: MeasureSource;
  readonly builds: {
    readonly known: number;
    /** Null where only jobs are known. */
    readonly failed: number | null;
    /** Failing at some time, and passed in the end. */
    readonly recovered: number | null;
    /** Of failed builds, from failing to the end. */
    readonly headStart: Spread;
  };
  readonly jobs: {
    /** Of promises that were kept, from the promise to the job's end. */
    readonly headStart: Spread;
    /** How long those ran that failed without a promise. */
    readonly unpromised: Spread;
    /** Promised, and cancelled before the end. */
    readonly cancelled: number;
    /** Their end is not known: the process has left none. */
    readonly open: number;
  };
  /** Promises that the final exit did not match. There should be none. */
  readonly unmatched: readonly JobRow[];
  readonly rows: { readonly builds: readonly BuildRow[]; readonly jobs: readonly JobRow[] };
}

export function measure(builds: readonly BuildFacts[], source: MeasureSource): Measure {
  const jobs = builds.flatMap(jobRows);
  const buildRows = builds.map(buildRow).filter((row) => row !== null);
  const isWhole = source.type === 'pipeline';
  const count = (state: string, of: readonly { readonly state?: string | null | undefined }[]) =>
    isWhole ? of.filter((each) => each.state === state).length : null;
  const of = (outcome: JobRow['outcome']) => jobs.filter((row) => row.outcome === outcome);
  return {
    ...{ version: 1, source },
    builds: {
      known: builds.length,
      failed: count('failed', builds),
      recovered: count('passed', buildRows),
      headStart: spreadOf(known(buildRows.map(({ headStartMs }) => headStartMs))),
    },
    jobs: {
      headStart: spreadOf(known(of('kept').map(({ headStartMs }) => headStartMs))),
      unpromised: spreadOf(known(of('not promised').map(({ ranMs }) => ranMs))),
      cancelled: of('cancelled').length,
      open: of('open').length,
    },
    unmatched: of('unmatched'),
    rows: { builds: buildRows, jobs },
  };
}

function known(durations: readonly (number | null)[]): number[] {
  return durations.filter((ms) => ms !== null);
}
