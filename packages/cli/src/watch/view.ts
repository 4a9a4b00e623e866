import type { BuildReport, JobEvidence } from '@promise-failure/build-runner';
import { createLogUpdate } from 'log-update';
import { durationText } from '../duration.ts';
import { evidenceText } from './evidence-text.ts';
import { createNewsReader, type News } from './news.ts';
import { jobText, newsText, progressText, statusText } from './text.ts';

/** Where a watch shows what it learns. */
export interface WatchView {
  show(report: BuildReport): void;
  tell(news: News): void;
  /** Leaves what was shown last standing. */
  close(): void;
}

/** A terminal or a pipe. */
export type Output = Pick<NodeJS.WriteStream, 'write'> & { readonly isTTY?: boolean };

export interface ViewOptions {
  /** What is watched, as it was given. */
  readonly title: string;
  readonly json: boolean;
  /** Redraws one picture; for a terminal before which somebody sits. */
  readonly live: boolean;
  readonly output: Output;
  readonly now?: () => Date;
}

/** Milliseconds of silence after which lines say that nothing has come. */
const silenceMs = 5000;

/** True where a picture that is redrawn does good: a terminal of a person, and not the log of a CI job. */
export function isPersonsTerminal({ isTTY }: Output, env: NodeJS.ProcessEnv): boolean {
  return isTTY === true && !env.BUILDKITE && !env.CI && env.TERM !== 'dumb';
}

/** JSON lines for machines, a live view on a terminal, or else a line for each news. */
export function createWatchView(options: ViewOptions): WatchView {
  if (!options.json && options.live) return createLiveView(options);
  return options.json ? createJsonView(options) : createLineView(options);
}

function createJsonView({ output, now = () => new Date() }: ViewOptions): WatchView {
  const read = createNewsReader(now);
  const tell = (news: News) => void output.write(`${JSON.stringify(news)}\n`);
  return { show: (report) => read(report).forEach(tell), tell, close() {} };
}

function createLineView({ title, output, now = () => new Date() }: ViewOptions): WatchView {
  const read = createNewsReader(now);
  const write = (line: string) => {
    clearTimeout(silence);
    output.write(`${line}\n`);
  };
  const silence = setTimeout(() => write(`${title}: ${noAnswer}`), silenceMs);
  return {
    show: (report) => read(report).forEach((news) => void write(newsText(news))),
    tell(news) {
      if (news.type !== 'end') write(newsText(news));
    },
    close: () => clearTimeout(silence),
  };
}

const noAnswer = 'no answer yet';

/** The cursor stays: hiding it takes a library that restores it at signals, and ends the process at them. */
function createLiveView({ title, output, now = () => new Date() }: ViewOptions): WatchView {
  const update = createLogUpdate(output as NodeJS.WriteStream, { showCursor: true });
  const since = now().getTime();
  let last: BuildReport | undefined;
  let note = '';
  const evidence = new Map<string, JobEvidence>();
  const draw = () => {
    const at = now().getTime();
    const waiting = [`${title}  ${noAnswer}  ${durationText(at - since)}`, note];
    update(last === undefined ? joinLines(waiting) : liveText(last, at, { note, evidence }));
  };
  draw();
  const timer = setInterval(draw, 1000);
  timer.unref();
  return {
    show(report) {
      last = report;
      note = '';
      draw();
    },
    tell(news) {
      if (news.type === 'end') return;
      if (news.type === 'evidence') evidence.set(news.job.id, news.evidence);
      else note = newsText(news);
      draw();
    },
    close() {
      clearInterval(timer);
      draw();
      update.done();
    },
  };
}

interface LiveMore {
  readonly note: string;
  /** By the ids of jobs. */
  readonly evidence: ReadonlyMap<string, JobEvidence>;
}

/** The live view of a report: `now` is in milliseconds since the epoch. */
function liveText(report: BuildReport, now: number, { note, evidence }: LiveMore): string {
  const { startedAt, createdAt, finishedAt, failingAt, url, failingJobs, jobCounts } = report;
  const start = Date.parse(startedAt ?? createdAt ?? '');
  const end = finishedAt === undefined ? now : Date.parse(finishedAt);
  const time = Number.isNaN(start) ? '' : `  ${durationText(end - start)}`;
  const fails = report.status === 'failing' || report.status === 'failed';
  const since =
    failingAt === undefined || !fails ? '' : `, failing for ${durationText(end - Date.parse(failingAt))}`;
  return joinLines([
    `${report.id}  ${statusText(report)}${time}${since}`,
    url ?? '',
    jobCounts === undefined ? '' : progressText(jobCounts),
    ...failingJobs.map((job) => {
      const found = evidence.get(job.id);
      return found === undefined ? jobText(job) : `${jobText(job)}\n${evidenceText(found)}`;
    }),
    note,
  ]);
}

function joinLines(lines: readonly string[]): string {
  return lines.filter((line) => line !== '').join('\n');
}
