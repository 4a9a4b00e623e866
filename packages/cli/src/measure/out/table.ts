import Table from 'cli-table3';
import pc from 'picocolors';
import { plain } from '../../plain.ts';
import { byJob } from '../sum/by-job.ts';
import type { Measure } from '../sum/measure.ts';
import type { Spread } from '../sum/spread.ts';
import { durationOrDash, hoursText, leftOutTexts, many, sourceText, unmatchedText } from './words.ts';

const style = { head: [], border: [], compact: true };
const mostGroups = 20;
const mostUnmatched = 50;
const nameWidth = 40;

/** The measure for a terminal: sums, jobs by name, and loudly what should not be. */
export function measureTable(measure: Measure): string {
  const { source, builds, rows, jobs } = measure;
  return [
    pc.bold(plain(sourceText(source, builds))),
    sumTable(measure),
    ...(rows.jobs.length === 0 ? [] : [groupTable(measure)]),
    ...leftOutTexts(jobs),
    unmatchedPart(measure),
  ].join('\n');
}

function sumTable({ source, builds, jobs }: Measure): string {
  const table = new Table({ head: ['', 'Count', 'Median', '90 %', 'Hours'], style });
  const row = (name: string, spread: Spread) => [
    ...[name, String(spread.count), durationOrDash(spread.medianMs), durationOrDash(spread.p90Ms)],
    hoursText(spread.totalMs),
  ];
  const early =
    source.type === 'files' ? 'Builds, as far as their jobs tell' : 'Builds failing before their end';
  table.push(
    row(`${early}: head start`, builds.headStart),
    row('Jobs that promised: head start', jobs.headStart),
    row('Jobs that failed without a promise: ran', jobs.unpromised),
  );
  return table.toString();
}

function groupTable({ rows }: Measure): string {
  const groups = byJob(rows.jobs);
  const table = new Table({ head: ['Job', 'Promised', 'Median', 'Hours', 'Not promised', 'Ran'], style });
  for (const { job, headStart, unpromised } of groups.slice(0, mostGroups)) {
    table.push([
      ...[shorten(plain(job)), String(headStart.count), durationOrDash(headStart.medianMs)],
      ...[hoursText(headStart.totalMs), String(unpromised.count), durationOrDash(unpromised.medianMs)],
    ]);
  }
  const more = groups.length - mostGroups;
  return table.toString() + (more > 0 ? `\nand ${many(more, 'further job')}: see --csv` : '');
}

function unmatchedPart({ unmatched, jobs }: Measure): string {
  if (unmatched.length === 0) {
    return jobs.headStart.count === 0 ? 'No promise was made.' : pc.green('Every promise was kept.');
  }
  const lines = unmatched.slice(0, mostUnmatched).map((row) => {
    const where = row.url === null ? '' : `\n    ${pc.dim(plain(row.url))}`;
    return `${pc.red('✗')} ${plain(unmatchedText(row))}${where}`;
  });
  const more = unmatched.length - lines.length;
  const head = ` ${many(unmatched.length, 'PROMISE').replace(/s$/, 'S')} THAT THE FINAL EXIT DID NOT MATCH `;
  return [pc.bold(pc.bgRed(pc.white(head))), ...lines, ...(more > 0 ? [`and ${more} more`] : [])].join('\n');
}

function shorten(name: string): string {
  const characters = Array.from(name);
  return characters.length <= nameWidth ? name : `${characters.slice(0, nameWidth - 1).join('')}…`;
}
