import { asFields, type Fields, present, text, time, whole } from '../rest/fields.ts';
import type { FailingJob } from './build.ts';

/** States in which a job has failed, if it is not said to have passed. */
export const failedStates = ['failed', 'timed_out', 'expired'] as const;

/**
 * States of jobs that never ran. They may be a failure's cause, and are as often its consequence, or a condition
 * that was not met, of which a build does not fail.
 */
export const neverRunStates = ['broken', 'waiting_failed'] as const;

/** `finished` is a webhook's and EventBridge's word for passed and failed alike. */
const ended = new Set<string>([...failedStates, 'finished']);
const neverRun = new Set<string>(neverRunStates);
/** States in which a promise still stands: what was cancelled does not end as it was promised. */
const promising = new Set(['running', 'started', 'timing_out', ...ended]);

/**
 * Reads a job that makes its build fail: promised, or finished with a failure that is not soft; undefined for any
 * other, such as a retried one, a cancelled one, or a block step (whose jobs are never `passed`).
 */
export function readFailingJob(job: unknown, reason?: string): FailingJob | undefined {
  const fields = asFields(job);
  const id = text(fields?.id) ?? text(fields?.uuid);
  if (fields === undefined || id === undefined || !countsToFailing(fields)) return undefined;
  const exitStatus = whole(fields.exit_status);
  const state = text(fields.state) ?? 'unknown';
  const promised = readPromise(fields, state, reason);
  if (promised === undefined && !hasFailed(state, exitStatus, fields.passed)) return undefined;
  return {
    ...{ id, name: text(fields.name) ?? text(fields.label) ?? text(fields.command) ?? id, state },
    ...present({
      ...{ exitStatus, promised, stepKey: text(fields.step_key), url: text(fields.web_url) },
      ...{ startedAt: time(fields.started_at), finishedAt: time(fields.finished_at) },
    }),
  };
}

/** True for a job that never ran, see `neverRunStates`. */
export function hasNeverRun({ state }: FailingJob): boolean {
  return neverRun.has(state);
}

function countsToFailing(fields: Fields): boolean {
  if (fields.soft_failed === true || fields.retried === true) return false;
  if (text(fields.retried_in_job_id) !== undefined) return false;
  const type = text(fields.type);
  return type === undefined || type === 'script' || type === 'trigger';
}

function readPromise(fields: Fields, state: string, reason: string | undefined) {
  const exitStatus = whole(fields.promised_exit_status);
  if (exitStatus === undefined || exitStatus === 0 || !promising.has(state)) return undefined;
  return present({ exitStatus, at: time(fields.promised_exit_status_at), reason });
}

function hasFailed(state: string, exitStatus: number | undefined, passed: unknown): boolean {
  return (ended.has(state) && passed !== true && exitStatus !== 0) || neverRun.has(state);
}
