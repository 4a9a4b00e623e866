import type { Model } from '../model/model.ts';
import type { Build, Job } from '../model/types.ts';
import { Refusal } from './reply.ts';

/** Refuses what Buildkite does not retry. Source: buildkite/docs pages/apis/rest_api/jobs.md. */
export function refuseRetry(job: Job, build: Build | undefined): void {
  const { allowed, permitOnPassed, reason } = job.step.manualRetry;
  if (job.step.type === 'manual') throw new Refusal(400, 'Only script jobs can be retried');
  const isPassed = job.state === 'finished' && job.passed;
  if (failureOf(job) === undefined && !(isPassed && permitOnPassed)) {
    throw new Refusal(400, 'Only failed, timed out or canceled jobs can be retried');
  }
  if (job.retriedInJobId !== null) throw new Refusal(422, 'This job has been retried already');
  if (build?.state === 'canceled' || build?.state === 'canceling') {
    throw new Refusal(422, 'Jobs from canceled builds cannot be retried');
  }
  if (!allowed) throw new Refusal(422, reason ?? 'The step does not allow its jobs to be retried');
}

const failures = ['canceled', 'expired', 'failed', 'soft_failed', 'timed_out'] as const;

/** The kind of failure that a job ended with; undefined if it did not fail. */
function failureOf({ state, passed, softFailed }: Job): (typeof failures)[number] | undefined {
  if (state === 'finished' && !passed) return softFailed ? 'soft_failed' : 'failed';
  return state === 'canceled' || state === 'expired' || state === 'timed_out' ? state : undefined;
}

/** Retries all that can be retried of the failures that `states` names, and answers how many they were. */
export function retryFailedJobs(model: Model, build: Build, { states }: Record<string, unknown>): number {
  const named = typeof states === 'string' ? states.split(',').flatMap((state) => state.trim() || []) : [];
  const wrong = named.filter((state) => !failures.some((known) => known === state));
  if (wrong.length > 0) {
    throw new Refusal(400, `Invalid states: ${wrong.join(', ')}. Valid states are ${failures.join(', ')}.`);
  }
  const wanted = build.jobs.filter((job) => {
    const failure = failureOf(job);
    return failure !== undefined && (named.length === 0 || named.includes(failure)) && canRetry(job, build);
  });
  for (const job of wanted) model.retry(job);
  return wanted.length;
}

function canRetry(job: Job, build: Build): boolean {
  try {
    refuseRetry(job, build);
    return true;
  } catch {
    return false;
  }
}
