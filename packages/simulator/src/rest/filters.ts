import { isForBranch } from '../model/branches.ts';
import type { Build, Job } from '../model/types.ts';
import { failsBuild } from '../model/verdicts.ts';
import { person } from './account-json.ts';
import { stateOf } from './job-json.ts';
import { Refusal } from './reply.ts';

const buildStates = new Set(
  'creating scheduled running failing passed failed blocked canceling canceled skipped not_run waiting waiting_failed finished'.split(
    ' ',
  ),
);
const jobStates = new Set(
  'pending waiting waiting_failed blocked blocked_failed unblocked unblocked_failed limiting limited scheduled assigned accepted running passed failed canceling canceled expired timing_out timed_out skipped broken platform_limiting platform_limited'.split(
    ' ',
  ),
);
const ends: readonly string[] = ['passed', 'failed', 'canceled'];

/** Whether a list of builds with this query has the build in it; 400 for a value that is none. */
export function buildFilter(query: URLSearchParams): (build: Build) => boolean {
  const all = (name: string) => [...query.getAll(name), ...query.getAll(`${name}[]`)];
  const states = knownStates(all('state'), buildStates);
  const [branches, commits, creators] = [all('branch'), all('commit'), all('creator')];
  const [createdFrom, createdTo, finishedFrom] = ['created_from', 'created_to', 'finished_from'].map((name) =>
    timeOf(query, name),
  );
  const metaData = [...query].flatMap(([name, value]) => {
    const key = /^meta_data\[(.*)\]$/.exec(name)?.[1];
    return key === undefined ? [] : [[key, value] as const];
  });
  return (build) =>
    (states.length === 0 || states.some((state) => isInState(build, state))) &&
    (branches.length === 0 || branches.some((pattern) => isForBranch(pattern, build.branch))) &&
    (commits.length === 0 || commits.includes(build.commit)) &&
    (creators.length === 0 || creators.includes(person.id)) &&
    metaData.every(([key, value]) => build.metaData[key] === value) &&
    (createdFrom === undefined || build.createdAt >= createdFrom) &&
    (createdTo === undefined || build.createdAt < createdTo) &&
    (finishedFrom === undefined || (build.finishedAt ?? 0) >= finishedFrom);
}

function isInState(build: Build, state: string): boolean {
  if (state === 'blocked') return build.blocked;
  if (state === 'finished') return build.blocked || ends.includes(build.state);
  return build.state === state;
}

/** What a list of jobs goes by. */
interface JobFilterOptions {
  /** The parameter that names states. */
  readonly parameter: 'state' | 'job_states';
  /** Whether retried jobs are listed unless the query says otherwise. */
  readonly withRetried: boolean;
  /** Whether promises count toward failing, a setting of the organization. */
  readonly countPromises: boolean;
}

/**
 * Whether a list of jobs has the job in it. `failed` also lists running jobs with a hard promise, which `running`
 * leaves out. Source: buildkite/docs pages/apis/rest_api/jobs.md.
 */
export function jobFilter(
  query: URLSearchParams,
  { parameter, withRetried, countPromises }: JobFilterOptions,
): (job: Job) => boolean {
  const given = [...query.getAll(`${parameter}[]`), ...query.getAll(parameter)];
  if (given.includes('finished'))
    throw new Refusal(400, 'state finished is not supported: use passed or failed');
  const states = knownStates(given, jobStates);
  const retried = query.get('include_retried_jobs');
  const hidesRetried = retried === null ? !withRetried : retried !== 'true';
  const keys = [...query.getAll('step_key'), ...query.getAll('step_key[]')];
  const groups = [...query.getAll('group_key'), ...query.getAll('group_key[]')];
  return (job) =>
    (states.length === 0 || states.some((state) => isListed(job, state, countPromises))) &&
    (keys.length === 0 || keys.includes(job.step.key ?? '')) &&
    groups.length === 0 &&
    !(hidesRetried && job.retriedInJobId !== null);
}

function isListed(job: Job, state: string, countPromises: boolean): boolean {
  const promisedHard = job.state === 'running' && failsBuild(job, countPromises);
  if (state === 'failed' && promisedHard) return true;
  return stateOf(job) === state && !promisedHard;
}

function knownStates(states: readonly string[], known: ReadonlySet<string>): readonly string[] {
  const wrong = states.find((state) => !known.has(state));
  if (wrong !== undefined)
    throw new Refusal(400, `${wrong} is not a valid state; known are ${[...known].join(', ')}`);
  return states;
}

function timeOf(query: URLSearchParams, name: string): number | undefined {
  const text = query.get(name);
  if (text === null) return undefined;
  const at = Date.parse(text);
  if (Number.isNaN(at)) throw new Refusal(400, `${name} must be a time in ISO 8601; found ${text}`);
  return at;
}
