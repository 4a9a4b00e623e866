import type { BuildReport, FailingJob, JobEvidence } from '@promise-failure/build-runner';
import type { ExplainedReport } from './evidence.ts';

/** One thing worth telling, in the shape of a JSON line. `at` is ISO 8601, when it was learned. */
export type News =
  | {
      readonly type: 'status';
      readonly at: string;
      readonly build: string;
      readonly status: BuildReport['status'];
      readonly state: string;
      readonly blocked: boolean;
      readonly url?: string;
      readonly failingAt?: string;
    }
  | {
      readonly type: 'promised' | 'failed';
      readonly at: string;
      readonly build: string;
      readonly job: FailingJob;
    }
  /** Which tests of a job have failed, where the job has left that; again where it says more. */
  | {
      readonly type: 'evidence';
      readonly at: string;
      readonly build: string;
      readonly job: { readonly id: string; readonly name: string; readonly url?: string };
      readonly evidence: JobEvidence;
    }
  | { readonly type: 'trouble'; readonly at: string; readonly build: string; readonly message: string }
  | { readonly type: 'cancel'; readonly at: string; readonly build: string; readonly outcome: string }
  | { readonly type: 'on-failing'; readonly at: string; readonly build: string; readonly exitStatus: number }
  | {
      readonly type: 'refused';
      readonly at: string;
      readonly build: string;
      readonly problem: string;
      readonly requests: number;
    }
  /** `waiting`: interrupted, and the command of `--on-failing` still runs. `timeout`: the time is up. */
  | { readonly type: 'waiting' | 'timeout'; readonly at: string; readonly build: string }
  | {
      readonly type: 'end';
      readonly at: string;
      readonly build: string;
      readonly exitCode: number;
      readonly report?: ExplainedReport;
      /** Why the build cannot be watched. */
      readonly message?: string;
    };

/** Turns reports into what is new in them: each status once in a row, each promise and each failed job once. */
export function createNewsReader(now: () => Date): (report: BuildReport) => News[] {
  const told = new Set<string>();
  let stage = '';
  return (report) => {
    const base = { at: now().toISOString(), build: report.id };
    const news: News[] = [];
    for (const job of report.failingJobs) {
      const type = job.finishedAt === undefined && job.promised !== undefined ? 'promised' : 'failed';
      if (told.has(`${type} ${job.id}`)) continue;
      told.add(`${type} ${job.id}`);
      news.push({ type, ...base, job });
    }
    const { status, state, blocked, url, failingAt } = report;
    const next = `${status} ${state} ${blocked}`;
    if (next !== stage) {
      stage = next;
      const more = { ...(url !== undefined && { url }), ...(failingAt !== undefined && { failingAt }) };
      news.unshift({ type: 'status', ...base, status, state, blocked, ...more });
    }
    return news;
  };
}
