import type { JobRow } from './job-row.ts';
import { type Spread, spreadOf } from './spread.ts';

/** The jobs of one name. */
export interface JobGroup {
  readonly job: string;
  readonly headStart: Spread;
  readonly unpromised: Spread;
}

/** Grouped by name, the greatest gain first, then what failed most often without a promise. */
export function byJob(rows: readonly JobRow[]): JobGroup[] {
  const names = new Map<string, JobRow[]>();
  for (const row of rows) names.set(row.job, [...(names.get(row.job) ?? []), row]);
  const groups = [...names].map(([job, own]) => ({
    job,
    headStart: spreadOf(own.flatMap((row) => (row.outcome === 'kept' ? (row.headStartMs ?? []) : []))),
    unpromised: spreadOf(own.flatMap((row) => (row.outcome === 'not promised' ? (row.ranMs ?? []) : []))),
  }));
  return groups
    .filter(({ headStart, unpromised }) => headStart.count + unpromised.count > 0)
    .sort(
      (one, other) =>
        other.headStart.totalMs - one.headStart.totalMs || other.unpromised.count - one.unpromised.count,
    );
}
