import { expect, it } from 'vitest';
import { foldHistories } from '../history/fold.ts';
import { type FileResult, toNews } from './news.ts';

const newsOf = (at: number, ...results: FileResult[]) =>
  toNews(results, { run: `r${at}`, branch: 'main', at, keyOf: (path) => path });

it('adds up the projects in which a file ran, and counts the worst of their outcomes', () => {
  const news = newsOf(
    7,
    { path: 'a', outcome: 'flaky', ms: 10 },
    { path: 'a', outcome: 'failed', ms: 20, firstFailureMs: 5 },
    { path: 'a', outcome: 'passed', ms: 30 },
  );
  const failure = { run: 'r7', at: 7, branch: 'main', flaky: false, ms: 5 };
  expect(news.get('a')).toEqual({ ms: 60, at: 7, failures: [failure] });
});

it('keeps the time of a whole run where a later one ran some of the tests', () => {
  const whole = newsOf(1, { path: 'a', outcome: 'passed', ms: 900 });
  const part = newsOf(2, { path: 'a', outcome: 'failed', firstFailureMs: 3 });
  expect(foldHistories([whole, part]).get('a')).toEqual({
    ...{ ms: 900, at: 1 },
    failures: [{ run: 'r2', at: 2, branch: 'main', flaky: false, ms: 3 }],
  });
});
