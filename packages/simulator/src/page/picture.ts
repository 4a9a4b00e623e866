import type { ConnectedAgent } from '../agents/registry.ts';
import type { Annotation, Build, Job } from '../model/types.ts';
import { annotationHtml } from '../rest/markdown.ts';
import { inOrder, jobName, jobResult } from '../view/words.ts';

/** Everything that the page shows but for logs; `path` is the pipeline's page. Times are epoch milliseconds. */
export function pagePicture(
  builds: Iterable<Build>,
  agents: readonly ConnectedAgent[],
  now: number,
  path: string,
) {
  return {
    now,
    agents: agents
      .filter(({ state }) => state === 'connected')
      .map(({ name, tags, job }) => ({ name, tags, job: job === null ? null : jobName(job) })),
    builds: [...builds].reverse().map((build) => buildPicture(build, path)),
  };
}

function buildPicture(build: Build, path: string) {
  const { number, state, blocked, message, branch, createdAt, startedAt, failingAt, finishedAt } = build;
  return {
    ...{ number, state, blocked, message, branch, createdAt, startedAt, failingAt, finishedAt },
    path: `${path}/builds/${number}`,
    metaData: build.metaData,
    annotations: [...build.annotations]
      .sort((a, b) => b.priority - a.priority)
      .map((annotation) => annotationPicture(annotation, build)),
    jobs: inOrder(build).map(jobPicture),
  };
}

function annotationPicture({ id, context, style, body, jobId }: Annotation, { jobs }: Build) {
  const job = jobs.find((known) => known.id === jobId);
  return { id, context, style, html: annotationHtml(body), job: job === undefined ? null : jobName(job) };
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
