import type { PastBuild, PastJob } from '@promise-failure/build-runner';
import type { BuildFacts, JobEnd, JobFacts } from './facts.ts';

const ends: Readonly<Record<string, JobEnd>> = {
  ...{ passed: 'passed', failed: 'failed', timed_out: 'timed out', canceled: 'cancelled' },
  expired: 'failed',
};

/** A build as Buildkite tells it, of its jobs only those that failed or promised. */
export function fromHistory(build: PastBuild): BuildFacts {
  const { id, url, branch, state, createdAt, startedAt, failingAt, finishedAt } = build;
  return {
    ...{ id, url, branch, state },
    ...{ createdAt: at(createdAt), startedAt: at(startedAt) },
    ...{ failingAt: at(failingAt), finishedAt: at(finishedAt) },
    jobs: build.jobs.map(toJob).filter(isOfInterest),
  };
}

function toJob({ name, url, state, exitStatus, promised, softFailed, retried, ...times }: PastJob): JobFacts {
  return {
    ...{ name, url, exitStatus, end: ends[state] ?? 'open', isForgiven: softFailed || retried },
    ...{ startedAt: at(times.startedAt), finishedAt: at(times.finishedAt) },
    promised: promised && { exitStatus: promised.exitStatus, at: at(promised.at) },
  };
}

function isOfInterest({ end, promised }: JobFacts): boolean {
  return promised !== undefined || end === 'failed' || end === 'timed out';
}

function at(time: string | undefined): number | undefined {
  return time === undefined ? undefined : Date.parse(time);
}
