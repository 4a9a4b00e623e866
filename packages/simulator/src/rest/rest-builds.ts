import type { Model } from '../model/model.ts';
import type { Build, Job } from '../model/types.ts';
import { failsBuild } from '../model/verdicts.ts';
import { buildJson, jobJson, type PipelinePlace } from './build-json.ts';

/** An answer of the REST API, not yet on the wire. */
export interface RestReply {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

/** What is asked of the builds of a pipeline. */
export interface RestCall {
  readonly method: string;
  /** Below `.../builds`: the parts of the path. */
  readonly parts: readonly string[];
  readonly query: URLSearchParams;
  readonly body: unknown;
}

const deepestPage = 100;

/** Answers what is asked of the builds of one pipeline. Source: buildkite/docs pages/apis/rest_api/builds.md, jobs.md. */
export function answerBuilds(model: Model, place: PipelinePlace, call: RestCall): RestReply {
  const [number, action, ...rest] = call.parts;
  if (number === undefined) {
    if (call.method === 'POST') return create(model, place, call.body);
    return call.method === 'GET' ? list(model, place, call.query) : refusal(405, 'Method not allowed');
  }
  const build = /^\d+$/.test(number) ? model.builds.get(Number(number)) : undefined;
  if (build === undefined || rest.length > 0) return refusal(404, 'No build found');
  const withJobs = call.query.get('exclude_jobs') !== 'true';
  if (call.method === 'GET' && action === undefined) {
    return { status: 200, body: buildJson(build, place, withJobs) };
  }
  if (call.method === 'GET' && action === 'jobs') return listJobs(build, place, call.query);
  if (call.method === 'PUT' && action === 'cancel') return cancel(model, place, build);
  return refusal(404, 'No such route');
}

function create(model: Model, place: PipelinePlace, body: unknown): RestReply {
  const fields = typeof body === 'object' && body !== null ? (body as Record<string, unknown>) : {};
  const { commit, branch, message = '' } = fields;
  if (typeof commit !== 'string' || commit === '') return refusal(422, 'Commit cannot be blank');
  if (typeof branch !== 'string' || branch === '') return refusal(422, 'Branch cannot be blank');
  const env = (fields.env ?? {}) as Record<string, string>;
  const metaData = (fields.meta_data ?? {}) as Record<string, string>;
  const build = model.createBuild({ commit, branch, message: String(message), env, metaData });
  return { status: 201, body: buildJson(build, place, true) };
}

function list(model: Model, place: PipelinePlace, query: URLSearchParams): RestReply {
  const page = Number(query.get('page') ?? 1);
  const perPage = Math.min(100, Number(query.get('per_page') ?? 30));
  if (page > deepestPage) return refusal(400, 'Paging too deep');
  const matching = [...model.builds.values()].reverse().filter((build) => matches(build, query));
  const builds = matching.slice((page - 1) * perPage, page * perPage);
  const withJobs = query.get('exclude_jobs') !== 'true';
  return { status: 200, body: builds.map((build) => buildJson(build, place, withJobs)) };
}

function matches(build: Build, query: URLSearchParams): boolean {
  const states = [...query.getAll('state'), ...query.getAll('state[]')];
  if (states.length > 0 && !states.includes(build.state)) return false;
  return [...query].every(([name, value]) => {
    const key = /^meta_data\[(.*)\]$/.exec(name)?.[1];
    if (key !== undefined) return build.metaData[key] === value;
    return (name !== 'branch' || build.branch === value) && (name !== 'commit' || build.commit === value);
  });
}

/** `failed` also lists running jobs with a hard promise. Retried jobs are listed unless excluded. */
function listJobs(build: Build, place: PipelinePlace, query: URLSearchParams): RestReply {
  const states = query.getAll('state[]');
  if (states.includes('finished'))
    return refusal(400, 'state finished is not supported: use passed or failed');
  const after = query.get('after');
  const perPage = Math.min(100, Number(query.get('per_page') ?? 30));
  const wanted = build.jobs.filter(
    (job) =>
      (states.length === 0 || states.some((state) => isListed(job, state))) &&
      (query.get('include_retried_jobs') !== 'false' || job.retriedInJobId === null),
  );
  const from = after === null ? 0 : wanted.findIndex((job) => job.id === after) + 1;
  const items = wanted.slice(from, from + perPage);
  const last = items.at(-1);
  const more = from + perPage < wanted.length && last !== undefined;
  const self = `https://api.buildkite.com/v2/jobs?${query}`;
  const next = more ? `https://api.buildkite.com/v2/jobs?after=${last.id}` : null;
  return { status: 200, body: { items: items.map((job) => jobJson(job, place)), links: { self, next } } };
}

function isListed(job: Job, state: string): boolean {
  const promisedHard = job.state === 'running' && failsBuild(job, true);
  if (state === 'failed') return promisedHard || (job.state === 'finished' && !job.passed);
  if (state === 'passed') return job.state === 'finished' && job.passed;
  return job.state === state && !promisedHard;
}

function cancel(model: Model, place: PipelinePlace, build: Build): RestReply {
  if (!['scheduled', 'running', 'failing'].includes(build.state)) {
    return refusal(422, `Build can't be canceled because it's already ${build.state}.`);
  }
  model.cancelBuild(build);
  return { status: 200, body: buildJson(build, place, true) };
}

/** A refusal as Buildkite words it. */
export function refusal(status: number, message: string): RestReply {
  return { status, body: { message } };
}
