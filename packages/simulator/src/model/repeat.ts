import { addJob } from './add-job.ts';
import type { JobRecord } from './records.ts';
import { settle } from './settle.ts';
import { buildOf, type ModelState, tellBuild, tellJob } from './state.ts';
import type { Job } from './types.ts';
import { isOver } from './verdicts.ts';

/** Adds the job that repeats `job`, and lets each name the other. */
export function repeat(state: ModelState, job: JobRecord, type: 'automatic' | 'manual'): JobRecord {
  const { step, retryCount, buildNumber } = job;
  const parallel = job.parallel ?? undefined;
  const retrySource = { jobId: job.id, type };
  const spec = { step, parallel, retryCount: retryCount + 1, retrySource };
  const again = addJob(state, buildOf(state, buildNumber), spec);
  job.retriedInJobId = again.id;
  job.retryType = type;
  return again;
}

/** Repeats a job on somebody's demand. What waited for it in vain waits anew. */
export function retryByHand(state: ModelState, job: JobRecord): Job {
  if (!isOver(job)) throw new Error(`job ${job.step.label} is ${job.state} and cannot be retried yet`);
  if (job.retriedInJobId !== null) throw new Error(`job ${job.step.label} has been retried already`);
  const build = buildOf(state, job.buildNumber);
  const wasOver = build.finishedAt !== null;
  if (wasOver) {
    Object.assign(build, { finishedAt: null, cancelRequested: false, sealed: true, state: 'running' });
    tellBuild(state, 'build.running', build);
  }
  for (const other of build.jobs) {
    if (other.state === 'waiting_failed') Object.assign(other, { state: 'waiting', finishedAt: null });
  }
  const again = repeat(state, job, 'manual');
  settle(state, build);
  return again;
}

/** Lets a blocked job through: the build runs on. */
export function unblock(state: ModelState, job: JobRecord): void {
  const build = buildOf(state, job.buildNumber);
  Object.assign(job, { state: 'finished', passed: true, finishedAt: state.clock.now() });
  if (build.blocked) {
    Object.assign(build, { blocked: false, state: 'running' });
    tellBuild(state, 'build.running', build);
  }
  tellJob(state, 'job.activated', job);
  settle(state, build);
}
