import { isRetried, isSoft, recordedExitStatus } from './exit-rules.ts';
import { type BuildRecord, type JobRecord, newJob } from './records.ts';
import { cancelJob, endCanceled, settle } from './settle.ts';
import { buildOf, jobIn, type ModelState, tellBuild, tellJob } from './state.ts';
import type { Job, JobSpec, PromiseVerdict } from './types.ts';

/** How a job's process ended: `signal` names the signal, and the status is then -1. */
export interface JobEnd {
  readonly exitStatus: number;
  readonly signal?: string | null;
}

/** What can happen to jobs. A move that the job's state does not allow throws. */
export interface JobMoves {
  /** The job's dependencies are met. */
  schedule(job: Job): void;
  /** A dependency failed: the job will never run, and fails the build. */
  failWaiting(job: Job): void;
  start(job: Job): void;
  promise(job: Job, exitStatus: number, reason?: string): PromiseVerdict;
  /** Ends the job; an automatic retry adds the new job before the event. */
  finish(job: Job, end: JobEnd): void;
  /** Asks a running job to end (`canceling`), or ends one that has not begun. */
  cancel(job: Job): void;
}

export function jobMoves(state: ModelState): JobMoves {
  const settleBuildOf = (job: Job) => settle(state, buildOf(state, job.buildNumber));
  return {
    schedule: ({ id }) => scheduleNow(state, jobIn(state, id, 'waiting')),
    failWaiting({ id }) {
      const job = jobIn(state, id, 'waiting');
      job.state = 'waiting_failed';
      job.finishedAt = state.clock.now();
      tellJob(state, 'job.finished', job);
      settleBuildOf(job);
    },
    start: ({ id }) => start(state, jobIn(state, id, 'scheduled')),
    promise({ id }, exitStatus, reason = '') {
      const job = jobIn(state, id);
      if (job.state !== 'running') return 'not-running';
      if (job.promisedExitStatus !== null) {
        return job.promisedExitStatus === exitStatus ? 'repeated' : 'different-status';
      }
      recordPromise(state, job, exitStatus, reason === '' ? null : reason);
      settleBuildOf(job);
      return 'accepted';
    },
    finish({ id }, end) {
      const job = jobIn(state, id, 'running', 'canceling');
      finish(state, job, end);
      settleBuildOf(job);
    },
    cancel({ id }) {
      const job = jobIn(state, id);
      cancelJob(state, job);
      settleBuildOf(job);
    },
  };
}

/** Adds a job to the build, waiting or scheduled. */
export function addJob(state: ModelState, build: BuildRecord, spec: JobSpec): JobRecord {
  const job = newJob(build.number, spec, state.clock.now());
  build.jobs.push(job);
  state.jobs.set(job.id, job);
  if (spec.waiting !== true) scheduleNow(state, job);
  return job;
}

function scheduleNow(state: ModelState, job: JobRecord): void {
  job.state = 'scheduled';
  tellJob(state, 'job.scheduled', job);
}

function start(state: ModelState, job: JobRecord): void {
  const build = buildOf(state, job.buildNumber);
  job.state = 'running';
  job.startedAt = state.clock.now();
  if (build.state === 'scheduled') {
    build.state = 'running';
    build.startedAt = job.startedAt;
    tellBuild(state, 'build.running', build);
  }
  tellJob(state, 'job.started', job);
}

function recordPromise(state: ModelState, job: JobRecord, exitStatus: number, reason: string | null): void {
  const at = state.clock.now();
  job.promisedExitStatus = exitStatus;
  job.promisedExitStatusAt = at;
  job.promisedReason = reason;
  const build = buildOf(state, job.buildNumber);
  state.events.emit({ type: 'job.promised_exit_status', at, build, job, reason });
}

function finish(state: ModelState, job: JobRecord, { exitStatus, signal = null }: JobEnd): void {
  const { softFail, automaticRetry } = job.step;
  const canceled = job.state === 'canceling';
  job.reportedExitStatus = exitStatus;
  job.signal = signal;
  job.exitStatus = recordedExitStatus(softFail, job.promisedExitStatus, exitStatus);
  if (canceled) {
    endCanceled(state, job);
    return;
  }
  job.state = 'finished';
  job.finishedAt = state.clock.now();
  job.passed = job.exitStatus === 0;
  job.softFailed = isSoft(softFail, job.exitStatus);
  if (isRetried(automaticRetry, job.exitStatus, job.retryCount)) retry(state, job);
  tellJob(state, 'job.finished', job);
}

function retry(state: ModelState, job: JobRecord): void {
  const { step, retryCount, buildNumber } = job;
  const parallel = job.parallel ?? undefined;
  const again = addJob(state, buildOf(state, buildNumber), { step, parallel, retryCount: retryCount + 1 });
  job.retriedInJobId = again.id;
}
