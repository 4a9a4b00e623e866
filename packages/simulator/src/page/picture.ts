import type { ConnectedAgent } from '../agents/registry.ts';
import type { Build, Job } from '../model/types.ts';
import { annotationHtml } from '../rest/markdown.ts';
import { inOrder, jobName, jobResult } from '../view/words.ts';

/** Everything that the page shows but for logs. Times are epoch milliseconds. */
export function pagePicture(builds: Iterable<Build>, agents: readonly ConnectedAgent[], now: number) {
  return {
    now,
    agents: agents
      .filter(({ state }) => state === 'connected')
      .map(({ name, tags, job }) => ({ name, tags, job: job === null ? null : jobName(job) })),
    builds: [...builds].reverse().map(buildPicture),
  };
}

function buildPicture(build: Build) {
  const { number, state, blocked, message, branch, createdAt, startedAt, failingAt, finishedAt } = build;
  return {
    ...{ number, state, blocked, message, branch, createdAt, startedAt, failingAt, finishedAt },
    metaData: build.metaData,
    annotations: [...build.annotations]
      .sort((a, b) => b.priority - a.priority)
      .map(({ id, context, style, body }) => ({ id, context, style, html: annotationHtml(body) })),
    jobs: inOrder(build).map(jobPicture),
  };
}

function jobPicture(job: Job) {
  const { id, startedAt, finishedAt, promisedExitStatus, promisedExitStatusAt } = job;
  return {
    ...{ id, startedAt, finishedAt, promisedExitStatus, promisedExitStatusAt },
    name: jobName(job),
    result: jobResult(job),
    tone: toneOf(job),
    reason: job.promisedReason,
    agent: job.agent?.name ?? null,
    isScript: job.step.type === 'script',
  };
}

function toneOf({ state, passed, softFailed, retriedInJobId }: Job): string {
  if (state === 'finished')
    return passed ? 'passed' : softFailed || retriedInJobId !== null ? 'soft' : 'failed';
  if (state === 'running') return 'running';
  return state === 'timed_out' || state === 'expired' || state === 'waiting_failed' ? 'failed' : 'quiet';
}
