import type { BuildReport, FailingJob, JobCounts } from '@promise-failure/build-runner';
import pc from 'picocolors';
import { durationText } from '../duration.ts';
import { plain } from '../plain.ts';
import { evidenceText } from './evidence-text.ts';
import type { News } from './news.ts';

const colours: Readonly<Record<BuildReport['status'], (text: string) => string>> = {
  unknown: pc.magenta,
  accepted: pc.dim,
  running: pc.cyan,
  failing: pc.red,
  succeeded: pc.green,
  failed: pc.red,
  cancelled: pc.yellow,
  skipped: pc.yellow,
};

/** A build's status as people read it: Buildkite's own word where it says more. */
export function statusText({
  status,
  state,
  blocked,
}: Pick<BuildReport, 'status' | 'state' | 'blocked'>): string {
  const detail = blocked
    ? ' (blocked, waits for a person)'
    : status === 'unknown' || status === 'skipped'
      ? ` (${plain(state)})`
      : '';
  const canceling = state === 'canceling' ? ' (canceling)' : '';
  return colours[status](status) + detail + canceling;
}

/** A failing job in a line or two: what it promised or ended with, why, and where its log is. */
export function jobText(job: FailingJob): string {
  const { promised, exitStatus, finishedAt, url } = job;
  const ended = finishedAt !== undefined || promised === undefined;
  const what = ended
    ? `failed with exit status ${exitStatus ?? 'unknown'}${headStartText(job)}`
    : `promised exit status ${promised.exitStatus}${promised.at ? ` at ${promised.at}` : ''}`;
  const reason = promised?.reason === undefined ? '' : `: ${plain(promised.reason)}`;
  const where = url === undefined ? '' : `\n    ${pc.dim(plain(url))}`;
  return `${pc.red(ended ? '✗' : '!')} ${pc.bold(plain(job.name))} ${what}${reason}${where}`;
}

function headStartText({ promised, finishedAt }: FailingJob): string {
  if (promised?.at === undefined || finishedAt === undefined) return '';
  return `, promised ${durationText(Date.parse(finishedAt) - Date.parse(promised.at))} before its end`;
}

const doneStates = ['passed', 'failed', 'finished', 'canceled', 'timed_out', 'expired', 'skipped', 'broken'];

/** How far the jobs are, in a few words. */
export function progressText({ total, states }: JobCounts): string {
  const done = doneStates.reduce((sum, state) => sum + (states[state] ?? 0), 0);
  const running = states.running ?? 0;
  return `${done} of ${total} jobs ended${running > 0 ? `, ${running} running` : ''}`;
}

/** One news as plain lines. */
export function newsText(news: News): string {
  switch (news.type) {
    case 'status':
      return `${news.build}: ${statusText(news)}`;
    case 'promised':
    case 'failed':
      return jobText(news.job);
    case 'evidence':
      return `${pc.bold(plain(news.job.name))} failed in\n${evidenceText(news.evidence)}`;
    case 'trouble':
      return `cannot read the build, and will try again: ${plain(news.message)}`;
    case 'cancel':
      return `cancel: ${news.outcome}`;
    case 'on-failing':
      return `the command of --on-failing ended with ${news.exitStatus}`;
    case 'refused':
      return `refused a webhook: ${news.problem}${news.requests > 1 ? `, and ${news.requests - 1} more` : ''}`;
    case 'waiting':
      return 'waits for the command of --on-failing; interrupt once more to leave it';
    case 'timeout':
      return `${news.build}: the time is up`;
    case 'end':
      return `${news.build}: exit code ${news.exitCode}`;
    default: {
      const unheardOf: never = news;
      return String(unheardOf);
    }
  }
}
