import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { BuildReport, BuildStatus, FailingJob } from '../build/build.ts';
import { isFinished, rankOf } from '../build/status.ts';
import { type JobsKnown, mergeEvents, mergeRead, withReasons } from './merge-reports.ts';

const statuses: BuildStatus[] = [
  ...(['unknown', 'accepted', 'running', 'failing', 'succeeded', 'failed', 'cancelled', 'skipped'] as const),
];
const report = (status: BuildStatus, failingJobs: FailingJob[] = []): BuildReport => ({
  ...{ id: 'acme/app/1', status, state: status, blocked: false, metadata: {}, failingJobs },
});
const job = (more: Partial<FailingJob>): FailingJob => ({ id: 'j', name: 'Test', state: 'running', ...more });

describe('merging what was read', () => {
  it('shows the build as it is, and keeps its first end for good', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...statuses), { minLength: 1 }), (seen) => {
        let known = report(seen[0] ?? 'running');
        for (const status of seen.slice(1)) {
          const next = mergeRead(known, report(status), 'all');
          if (isFinished(known.status)) expect(next).toBe(known);
          else if (status !== 'unknown') expect(next.status).toBe(status);
          known = next;
        }
      }),
    );
  });

  it.each<[BuildStatus, JobsKnown, BuildStatus]>([
    ['running', 'all', 'unknown'],
    ['failing', 'all', 'failing'],
    ['failed', 'all', 'failed'],
  ])('turns %s into a state not known, told by %s, to %s', (known, jobsKnown, expected) => {
    expect(mergeRead(report(known), report('unknown'), jobsKnown).status).toBe(expected);
  });

  it('drops a job that is retried, when all failing jobs are known', () => {
    const known = report('failing', [job({})]);
    expect(mergeRead(known, report('failing'), 'all').failingJobs).toEqual([]);
    expect(mergeRead(known, report('failing'), 'none').failingJobs).toEqual([job({})]);
  });

  it.each(['running', 'succeeded', 'cancelled', 'skipped'] as const)(
    'leaves no failing jobs on a build that is %s',
    (status) => {
      for (const jobsKnown of ['all', 'none'] as const) {
        const seen = report(status, [job({})]);
        expect(mergeRead(report('failing', [job({})]), seen, jobsKnown).failingJobs).toEqual([]);
      }
    },
  );

  it('keeps the counts of jobs over a list of builds, which tells none', () => {
    const known = { ...report('running'), jobCounts: { total: 2, states: { running: 2 } } };
    expect(mergeRead(known, report('running'), 'none').jobCounts).toEqual(known.jobCounts);
  });
});

describe('merging events', () => {
  it('never goes back, whatever their order', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...statuses), { minLength: 1 }), (seen) => {
        const [first = report('running'), ...more] = seen.map((status) => report(status));
        const status = more.reduce(mergeEvents, first).status;
        expect(rankOf(status)).toBe(Math.max(...seen.map(rankOf)));
      }),
    );
  });

  it('keeps a bounded number of jobs', () => {
    let known = report('failing');
    for (let number = 0; number < 300; number++) {
      known = mergeEvents(known, report('failing', [job({ id: String(number) })]));
    }
    expect(known.failingJobs).toHaveLength(100);
  });
});

it('adds the reason that only the event of a promise brings', () => {
  const reasons = new Map([['j', 'because']]);
  const promised = { exitStatus: 1, at: 'then' };
  expect(withReasons([job({ promised }), job({ id: 'k', promised }), job({})], reasons)).toEqual([
    job({ promised: { ...promised, reason: 'because' } }),
    job({ id: 'k', promised }),
    job({}),
  ]);
});
