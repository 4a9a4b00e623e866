import { stringify } from 'csv-stringify/sync';
import type { Measure } from '../sum/measure.ts';

/** One line for each job, in the words of `--json`. What a spreadsheet would take for a formula is made harmless. */
export function measureCsv({ rows }: Measure): string {
  const columns = [
    ...['build', 'job', 'outcome', 'promisedExitStatus', 'exitStatus', 'startedAt', 'promisedAt'],
    ...['finishedAt', 'headStartMs', 'ranMs', 'held', 'url'],
  ];
  return stringify([...rows.jobs], { header: true, columns, escape_formulas: true });
}
