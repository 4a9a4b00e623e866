import { type BuildRecord, type JobRecord, newJob } from './records.ts';
import { type ModelState, tellJob } from './state.ts';
import type { JobSpec } from './types.ts';

/** Adds a job to the build, waiting or scheduled. */
export function addJob(state: ModelState, build: BuildRecord, spec: JobSpec): JobRecord {
  const job = newJob(build.number, spec, state.clock.now());
  build.jobs.push(job);
  state.jobs.set(job.id, job);
  if (spec.never !== undefined) {
    job.state = spec.never;
    job.finishedAt = state.clock.now();
  } else if (spec.waiting !== true) scheduleNow(state, job);
  return job;
}

/** The job's dependencies are met: it can be run, or unblocked. */
export function scheduleNow(state: ModelState, job: JobRecord): void {
  job.runnableAt = state.clock.now();
  job.state = job.step.type === 'manual' ? 'blocked' : 'scheduled';
  if (job.state === 'scheduled') tellJob(state, 'job.scheduled', job);
}
