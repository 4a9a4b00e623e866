import { stripVTControlCharacters } from 'node:util';
import type { BuildReport, FailingJob, JobCounts } from '@promise-failure/build-runner';
import pc from 'picocolors';
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

/** Milliseconds as `1h 02m 03s`. */
export function durationText(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  const two = (value: number) => String(value).padStart(2, '0');
  if (h > 0) return `${h}h ${two(m)}m ${two(s)}s`;
  return m > 0 ? `${m}m ${two(s)}s` : `${s}s`;
}

/** What others have named must not steer the terminal. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is to be removed
  return stripVTControlCharacters(text).replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ');
}
