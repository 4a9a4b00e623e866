import type { Answer } from '../faults/fault-answer.ts';
import type { Model } from '../model/model.ts';
import type { Job, PromiseVerdict } from '../model/types.ts';

/** Whose a token is: a job's, or the agent's own session and no job's. */
export type TokenHolder = { readonly jobId: string } | 'agent';

/** What a promise is judged by. */
export interface PromiseContext {
  readonly model: Model;
  /** Whose a token is; undefined for one that was never given out. */
  readonly holderOf: (token: string) => TokenHolder | undefined;
  /** False: promised failures are not enabled for the organization, which answers 404. @default true */
  readonly promisesEnabled?: boolean | undefined;
}

/** Answers a promise by the headers, the body and the job it is for. */
export function answerPromise(
  {
    authorization = '',
    contentType = '',
  }: { authorization?: string | undefined; contentType?: string | undefined },
  body: string,
  jobId: string,
  { holderOf, model, promisesEnabled = true }: PromiseContext,
): Answer {
  const holder = holderOf(/^Token (.+)$/.exec(authorization)?.[1] ?? '');
  if (holder === undefined) return refuse(401, 'Authentication required');
  if (holder === 'agent' || holder.jobId !== jobId)
    return refuse(403, 'This token cannot promise for this job');
  const job = promisesEnabled ? model.findJob(jobId) : undefined;
  if (job === undefined) return refuse(404, 'Promised failures are not enabled');
  return promise(decode(contentType, body), model, job);
}

function promise(body: Record<string, unknown> | undefined, model: Model, job: Job): Answer {
  if (body === undefined) return refuse(400, 'The body must be a JSON object');
  const { exit_status: exitStatus, reason } = body;
  if (typeof exitStatus !== 'number' || !Number.isInteger(exitStatus) || exitStatus < 1 || exitStatus > 255) {
    return refuse(400, 'exit_status must be an integer from 1 to 255');
  }
  if (reason !== undefined && typeof reason !== 'string') return refuse(400, 'reason must be a string');
  return verdictAnswers[model.promise(job, exitStatus, reason)];
}

function decode(contentType: string, body: string): Record<string, unknown> | undefined {
  if (!/^application\/json\b/i.test(contentType)) return undefined;
  try {
    const value: unknown = JSON.parse(body);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isObject ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

const verdictAnswers: Readonly<Record<PromiseVerdict, Answer>> = {
  accepted: { status: 204 },
  repeated: { status: 204 },
  'different-status': refuse(409, 'A different exit status has already been promised for this job'),
  'not-running': refuse(422, 'The job is no longer running'),
};

function refuse(status: number, message: string): Answer {
  return { status, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ message }) };
}
