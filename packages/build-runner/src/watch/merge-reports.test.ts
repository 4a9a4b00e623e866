import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BuildReport, BuildStatus, FailingJob } from '../build/build.ts';
import { isFinished, rankOf } from '../build/status.ts';
import { type JobsKnown, mergeReports } from './merge-reports.ts';

const statuses: BuildStatus[] = [
  'unknown',
  'accepted',
  'running',
  'failing',
  'succeeded',
  'failed',
  'cancelled',
];
const report = (status: BuildStatus, failingJobs: FailingJob[] = []): BuildReport => ({
  ...{ id: 'acme/app/1', status, state: status, blocked: false, metadata: {}, failingJobs },
});
const job = (more: Partial<FailingJob>): FailingJob => ({ id: 'j', name: 'Test', state: 'running', ...more });

describe('merging reports', () => {
  it('never goes back, and keeps the first end for good, in any order of events', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...statuses), { minLength: 1 }), (seen) => {
        let known = report(seen[0] ?? 'running');
        for (const status of seen.slice(1)) {
          const next = mergeReports(known, report(status), 'some');
          expect(rankOf(next.status)).toBeGreaterThanOrEqual(rankOf(known.status));
          if (isFinished(known.status)) expect(next).toBe(known);
          known = next;
        }
        expect(rankOf(known.status)).toBe(Math.max(...seen.map(rankOf)));
      }),
    );
  });

  it.each<[BuildStatus, JobsKnown, BuildStatus]>([
    ['running', 'all', 'unknown'],
    ['running', 'some', 'running'],
    ['failing', 'all', 'failing'],
    ['failed', 'all', 'failed'],
  ])('turns %s into a state not known, told by %s, to %s', (known, jobsKnown, expected) => {
    expect(mergeReports(report(known), report('unknown'), jobsKnown).status).toBe(expected);
  });

  it('keeps the reason that only the event of the promise brought', () => {
    const promised = { exitStatus: 1, reason: 'because' };
    const known = report('failing', [job({ promised })]);
    const seen = report('failed', [
      job({ state: 'failed', exitStatus: 1, promised: { exitStatus: 1, at: 'then' } }),
    ]);
    expect(mergeReports(known, seen, 'all').failingJobs).toEqual([
      job({ state: 'failed', exitStatus: 1, promised: { ...promised, at: 'then' } }),
    ]);
  });

  it('does not let a late event reopen a finished job', () => {
    const known = report('failing', [job({ state: 'failed', exitStatus: 1, finishedAt: 'then' })]);
    const seen = report('failing', [job({ promised: { exitStatus: 1, reason: 'because' } })]);
    expect(mergeReports(known, seen, 'some').failingJobs).toMatchObject([
      { state: 'failed', exitStatus: 1, promised: { reason: 'because' } },
    ]);
  });

  it('drops a job that is retried, when all failing jobs are known', () => {
    const known = report('failing', [job({})]);
    expect(mergeReports(known, report('failing'), 'all').failingJobs).toEqual([]);
    expect(mergeReports(known, report('failing'), 'none').failingJobs).toEqual([job({})]);
  });

  it('keeps a bounded number of jobs', () => {
    let known = report('failing');
    for (let number = 0; number < 300; number++) {
      known = mergeReports(known, report('failing', [job({ id: String(number) })]), 'some');
    }
    expect(known.failingJobs).toHaveLength(100);
  });
});
