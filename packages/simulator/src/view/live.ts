import type { Build, Job } from '../model/types.ts';
import type { Colors } from './colors.ts';
import { noteLines } from './notes.ts';
import { duration, inOrder, jobName, jobResult, reasonAfter, runningTime, sinceStart } from './words.ts';

const spinner = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏'];
/** How long a new promise stands out. */
const freshMs = 3000;

/** What a picture of the build is drawn with. */
export interface LiveOptions {
  readonly now: number;
  /** Width of the terminal: no line is longer. */
  readonly columns: number;
  readonly colors: Colors;
}

/**
 * The build as it stands: a headline, a line per job, a line below each job that has promised, and what jobs and
 * people left on it.
 */
export function livePicture(build: Build, options: LiveOptions): string {
  const width = Math.max(...build.jobs.map((job) => jobName(job).length), 1);
  return [
    headline(build, options),
    ...inOrder(build).flatMap((job) => jobLines(build, job, width, options)),
    ...noteLines(build).map((line) => options.colors.dim(cut(`✎ ${line}`, options.columns))),
  ].join('\n');
}

function headline(build: Build, { now, columns, colors }: LiveOptions): string {
  const since =
    build.failingAt === null ? '' : `, failing since ${duration(sinceStart(build, build.failingAt))}`;
  const elapsed = duration(sinceStart(build, build.finishedAt ?? now));
  const text = cut(`Build #${build.number} ${build.state}${since}  ${elapsed}`, columns);
  return colors.bold(build.failingAt === null ? text : colors.red(text));
}

function jobLines(build: Build, job: Job, width: number, options: LiveOptions): string[] {
  const { now, columns, colors } = options;
  const time = runningTime(job, now);
  const text = `${jobName(job).padEnd(width)}  ${jobResult(job)}${time === null ? '' : `  ${duration(time)}`}`;
  const line = `${symbol(job, options)} ${tint(job, colors)(cut(text, columns - 2))}`;
  const { promisedExitStatus: status, promisedExitStatusAt: at, promisedReason: reason } = job;
  if (status === null || at === null) return [line];
  const said = `promised exit ${status} at ${duration(sinceStart(build, at))}${reasonAfter(': ', reason)}`;
  const note = cut(said, columns - 6);
  return [line, `    ⚑ ${now - at < freshMs ? colors.inverse(colors.red(note)) : colors.red(note)}`];
}

function symbol(job: Job, { now, colors }: LiveOptions): string {
  if (job.state === 'running') return colors.cyan(spinner[Math.floor(now / 100) % spinner.length] ?? '·');
  if (job.state !== 'finished') return colors.dim(job.state === 'canceled' ? '⊘' : '·');
  return tint(job, colors)(job.passed ? '✔' : '✖');
}

function tint(job: Job, colors: Colors): (text: string) => string {
  if (job.state === 'running') return (text) => text;
  if (job.state !== 'finished') return colors.dim;
  if (job.passed) return colors.green;
  return job.softFailed || job.retriedInJobId !== null ? colors.yellow : colors.red;
}

/** A line that wraps would spoil the redrawing. */
function cut(text: string, columns: number): string {
  return text.length <= columns ? text : `${text.slice(0, Math.max(0, columns - 1))}…`;
}
