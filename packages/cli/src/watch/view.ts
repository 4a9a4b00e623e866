import type { BuildReport } from '@promise-failure/build-runner';
import { createLogUpdate } from 'log-update';
import { createNewsReader, type News } from './news.ts';
import { durationText, jobText, newsText, statusText } from './text.ts';

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
  readonly json: boolean;
  readonly live: boolean;
  readonly output: Output;
  readonly now?: () => Date;
}

/** JSON lines for machines, a live view on a terminal, or else a line for each news. */
export function createWatchView({ json, live, output, now = () => new Date() }: ViewOptions): WatchView {
  if (!json && live && output.isTTY === true) return createLiveView(output as NodeJS.WriteStream, now);
  const read = createNewsReader(now);
  const tell = (news: News) => void output.write(`${json ? JSON.stringify(news) : newsText(news)}\n`);
  return {
    show: (report) => read(report).forEach(tell),
    tell: (news) => {
      if (json || news.type !== 'end') tell(news);
    },
    close() {},
  };
}

function createLiveView(output: NodeJS.WriteStream, now: () => Date): WatchView {
  const update = createLogUpdate(output);
  let last: BuildReport | undefined;
  let note = '';
  const draw = () => {
    if (last !== undefined) update(liveText(last, now().getTime(), note));
  };
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
      note = newsText(news);
      draw();
    },
    close() {
      clearInterval(timer);
      draw();
      update.done();
    },
  };
}

/** The live view of a report: `now` is in milliseconds since the epoch. */
function liveText(report: BuildReport, now: number, note: string): string {
  const { startedAt, createdAt, finishedAt, failingAt, url, failingJobs } = report;
  const start = Date.parse(startedAt ?? createdAt ?? '');
  const end = finishedAt === undefined ? now : Date.parse(finishedAt);
  const time = Number.isNaN(start) ? '' : `  ${durationText(end - start)}`;
  const since = failingAt === undefined ? '' : `, failing for ${durationText(end - Date.parse(failingAt))}`;
  const lines = [
    `${report.id}  ${statusText(report)}${time}${since}`,
    url ?? '',
    ...failingJobs.map(jobText),
    note,
  ];
  return lines.filter((line) => line !== '').join('\n');
}
