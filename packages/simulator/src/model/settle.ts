import type { BuildRecord, JobRecord } from './records.ts';
import { type ModelState, tellBuild, tellJob } from './state.ts';
import { failsBuild, finalState, isOver } from './verdicts.ts';

/** Gives the build the state that its jobs call for: failing, running again, or its end. */
export function settle(state: ModelState, build: BuildRecord): void {
  if (build.finishedAt !== null || build.blocked) return;
  if (build.sealed && build.jobs.every(isOver)) {
    endBuild(state, build);
    return;
  }
  if (build.jobs.some(isBlocked) && build.jobs.every((job) => isOver(job) || isIdle(job))) {
    blockBuild(state, build);
    return;
  }
  const fails = build.jobs.some((job) => failsBuild(job, state.countPromises));
  if (fails && build.state === 'running') turnFailing(state, build);
  else if (!fails && build.state === 'failing') {
    build.state = 'running';
    tellBuild(state, 'build.recovered', build);
  }
}

/** Asks a running job to end, and ends one that has not begun; others stay as they are. */
export function cancelJob(state: ModelState, job: JobRecord): void {
  if (job.state === 'running') {
    job.state = 'canceling';
    tellJob(state, 'job.canceling', job);
  } else if (!isOver(job) && job.state !== 'canceling' && job.state !== 'timing_out') endCanceled(state, job);
}

/** Ends a job as cancelled. */
export function endCanceled(state: ModelState, job: JobRecord): void {
  job.state = 'canceled';
  job.finishedAt = state.clock.now();
  tellJob(state, 'job.finished', job);
}

function turnFailing(state: ModelState, build: BuildRecord): void {
  build.state = 'failing';
  build.failingAt ??= state.clock.now();
  tellBuild(state, 'build.failing', build);
  for (const job of [...build.jobs]) if (job.step.cancelOnBuildFailing) cancelJob(state, job);
  settle(state, build);
}

const isBlocked = ({ state }: JobRecord) => state === 'blocked';
const isIdle = ({ state }: JobRecord) => state === 'blocked' || state === 'waiting';

/** The build waits at a block step: for the world it has finished with what it came to so far. */
export function blockBuild(state: ModelState, build: BuildRecord): void {
  build.blocked = true;
  build.state = finalState(build, false);
  tellBuild(state, 'build.finished', build);
}

function endBuild(state: ModelState, build: BuildRecord): void {
  build.state = finalState(build, build.cancelRequested);
  build.finishedAt = state.clock.now();
  tellBuild(state, 'build.finished', build);
}
