import type { FileHistory, History } from '../history/format.ts';

/** What one run showed of one test file. */
export interface FileResult {
  readonly path: string;
  readonly outcome: 'passed' | 'flaky' | 'failed';
  /** Milliseconds the file took, if all of its tests ran. */
  readonly ms?: number | undefined;
  /** Milliseconds from its start to its first failure. */
  readonly firstFailureMs?: number | undefined;
}

interface Run {
  readonly run: string;
  readonly branch: string;
  readonly at: number;
  readonly keyOf: (path: string) => string;
}

/** The results as a history; a file that ran in several projects counts by its worst outcome and its whole time. */
export function toNews(results: Iterable<FileResult>, { run, branch, at, keyOf }: Run): History {
  const news = new Map<string, FileHistory>();
  for (const { path, outcome, ms, firstFailureMs } of results) {
    const key = keyOf(path);
    const known = news.get(key);
    const failure = { run, at, branch, flaky: outcome === 'flaky', ms: rounded(firstFailureMs) };
    const before = known?.failures[0];
    const failures =
      outcome === 'passed' || (before && (!before.flaky || failure.flaky)) ? known?.failures : [failure];
    const sum = ms === undefined ? known?.ms : (known?.ms ?? 0) + ms;
    const whole = rounded(sum);
    // Without a time of its own it must not take the place of a run that has one.
    news.set(key, { ms: whole, at: whole === undefined ? 0 : at, failures: failures ?? [] });
  }
  return news;
}

function rounded(ms: number | undefined): number | undefined {
  return ms === undefined || !Number.isFinite(ms) ? undefined : Math.max(0, Math.round(ms));
}
