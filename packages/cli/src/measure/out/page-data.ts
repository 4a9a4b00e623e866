import type { BuildRow } from '../sum/build-row.ts';
import type { JobRow } from '../sum/job-row.ts';
import type { Measure } from '../sum/measure.ts';

/** One build on the timeline; times in milliseconds since its start. */
interface PageBuild {
  readonly label: string;
  readonly url: string | null;
  readonly failingMs: number;
  readonly endMs: number;
  readonly promises: readonly { readonly atMs: number; readonly job: string }[];
}

/** What the page's script draws. */
export interface PageData {
  readonly builds: readonly PageBuild[];
  /** Milliseconds. */
  readonly headStarts: { readonly builds: readonly number[]; readonly jobs: readonly number[] };
}

/** As many rows as a person looks through; the rest is in `--csv`. */
export const mostBuilds = 60;

export function pageData({ rows }: Measure): PageData {
  const early = rows.builds.filter(({ headStartMs }) => headStartMs !== null);
  const kept = rows.jobs.filter(({ outcome }) => outcome === 'kept');
  return {
    builds: early.slice(0, mostBuilds).flatMap((row) => toPageBuild(row, rows.jobs) ?? []),
    headStarts: {
      builds: early.flatMap(({ headStartMs }) => headStartMs ?? []),
      jobs: kept.flatMap(({ headStartMs }) => headStartMs ?? []),
    },
  };
}

function toPageBuild(row: BuildRow, jobs: readonly JobRow[]): PageBuild | undefined {
  const [start, failing, end] = [row.startedAt, row.failingAt, row.finishedAt].map((time) =>
    Date.parse(time ?? ''),
  );
  if (!isTime(start) || !isTime(failing) || !isTime(end)) return undefined;
  const own = jobs.filter(({ build, promisedAt }) => build === row.build && promisedAt !== null);
  return {
    ...{ label: labelOf(row.build), url: webUrl(row.url) },
    ...{ failingMs: Math.max(0, failing - start), endMs: end - start },
    promises: own.map(({ job, promisedAt }) => ({ atMs: Date.parse(promisedAt ?? '') - start, job })),
  };
}

function isTime(time: number | undefined): time is number {
  return time !== undefined && !Number.isNaN(time);
}

/** The number of a build; of a run without one, the end of its name. */
function labelOf(build: string): string {
  const number = /\/(\d+)$/.exec(build)?.[1];
  return number === undefined ? build.slice(-14) : `#${number}`;
}

/** What becomes a link is no script. */
export function webUrl(url: string | null): string | null {
  return url !== null && /^https?:\/\//.test(url) ? url : null;
}
