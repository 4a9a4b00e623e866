import { scheduleNow } from './add-job.ts';
import { isRetried, isSoft, recordedExitStatus } from './exit-rules.ts';
import type { JobRecord } from './records.ts';
import { repeat, retryByHand, unblock } from './repeat.ts';
import { cancelJob, endCanceled, settle } from './settle.ts';
import { buildOf, jobIn, type ModelState, tellBuild, tellJob } from './state.ts';
import type { Job, JobAgent, PromiseVerdict } from './types.ts';

/** How a job's process ended: `signal` names the signal, and the status is then -1. */
export interface JobEnd {
  readonly exitStatus: number;
  readonly signal?: string | null;
  readonly signalReason?: string | null;
}

/** What can happen to jobs. A move that the job's state does not allow throws. */
export interface JobMoves {
  /** The job's dependencies are met. */
  schedule(job: Job): void;
  /** A scheduled job is given to an agent, which may accept it; without an agent it is scheduled again. */
  assign(job: Job, agent: JobAgent | null): void;
  accept(job: Job, agent: JobAgent): void;
  /** A dependency failed: the job will never run, and fails the build. */
  failWaiting(job: Job): void;
  start(job: Job): void;
  promise(job: Job, exitStatus: number, reason?: string): PromiseVerdict;
  /** Ends the job; an automatic retry adds the new job before the event. */
  finish(job: Job, end: JobEnd): void;
  /** Asks a running job to end because its time is up (`timing_out`); its finish is then `timed_out`. */
  timeOut(job: Job): void;
  /** No agent took the job in time: it ends, and fails the build. */
  expire(job: Job): void;
  /** Lets a blocked job through. */
  unblockJob(job: Job): void;
  /** A higher priority runs first. */
  reprioritize(job: Job, priority: number): void;
  /** Adds a job that repeats this one, which must be over; a build that was over runs again. */
  retry(job: Job): Job;
  /** Asks a running job to end (`canceling`), or ends one that has not begun. */
  cancel(job: Job): void;
}

export function jobMoves(state: ModelState): JobMoves {
  const settleBuildOf = (job: Job) => settle(state, buildOf(state, job.buildNumber));
  return {
    schedule({ id }) {
      const job = jobIn(state, id, 'waiting');
      scheduleNow(state, job);
      settleBuildOf(job);
    },
    assign({ id }, agent) {
      const job = jobIn(state, id, 'scheduled', 'assigned', 'accepted');
      job.agent = agent;
      job.state = agent === null ? 'scheduled' : 'assigned';
      tellJob(state, 'job.assigned', job);
    },
    accept({ id }, agent) {
      const job = jobIn(state, id, 'scheduled', 'assigned');
      job.agent = agent;
      job.state = 'accepted';
      tellJob(state, 'job.assigned', job);
    },
    failWaiting({ id }) {
      const job = jobIn(state, id, 'waiting');
      job.state = 'waiting_failed';
      job.finishedAt = state.clock.now();
      tellJob(state, 'job.finished', job);
      settleBuildOf(job);
    },
    expire({ id }) {
      const job = jobIn(state, id, 'scheduled', 'assigned');
      job.state = 'expired';
      job.finishedAt = state.clock.now();
      tellJob(state, 'job.finished', job);
      settleBuildOf(job);
    },
    timeOut({ id }) {
      const job = jobIn(state, id, 'running');
      job.state = 'timing_out';
      tellJob(state, 'job.canceling', job);
    },
    reprioritize({ id }, priority) {
      const job = jobIn(state, id);
      job.priority = priority;
      tellJob(state, 'job.reprioritized', job);
    },
    unblockJob: ({ id }) => unblock(state, jobIn(state, id, 'blocked')),
    retry: ({ id }) => retryByHand(state, jobIn(state, id)),
    start: ({ id }) => start(state, jobIn(state, id, 'scheduled', 'assigned', 'accepted')),
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
      const job = jobIn(state, id, 'running', 'canceling', 'timing_out');
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

function finish(
  state: ModelState,
  job: JobRecord,
  { exitStatus, signal = null, signalReason = null }: JobEnd,
): void {
  const { softFail, automaticRetry } = job.step;
  job.reportedExitStatus = exitStatus;
  job.signal = signal;
  job.signalReason = signalReason;
  job.exitStatus = recordedExitStatus(softFail, job.promisedExitStatus, exitStatus);
  if (job.state === 'canceling') {
    endCanceled(state, job);
    return;
  }
  const isTimedOut = job.state === 'timing_out';
  job.state = isTimedOut ? 'timed_out' : 'finished';
  job.finishedAt = state.clock.now();
  job.passed = job.exitStatus === 0 && !isTimedOut;
  job.softFailed = isSoft(softFail, job.exitStatus);
  const isCanceled = buildOf(state, job.buildNumber).cancelRequested;
  if (!isCanceled && isRetried(automaticRetry, job.exitStatus, job.retryCount))
    repeat(state, job, 'automatic');
  tellJob(state, 'job.finished', job);
}
