import type { RestClient } from '../rest/client.ts';
import { RestError } from '../rest/error.ts';
import { asFields, present, whole } from '../rest/fields.ts';
import { buildsPath, type PipelineAddress } from '../rest/paths.ts';
import type { BuildId } from './build.ts';
import { formatBuildId } from './id.ts';
import { readBuild } from './read-build.ts';
import { keyField, writeStamp } from './stamp.ts';

/** What to build. */
export interface TriggerRequest extends PipelineAddress {
  /** The caller's own name for this trigger, unique in the pipeline: the same key never makes a second build. */
  readonly key: string;
  /** A full commit, or a ref such as `HEAD`. */
  readonly commit: string;
  readonly branch: string;
  readonly message?: string;
  readonly env?: Readonly<Record<string, string>>;
  /** Comes back with the build's status. At most 100 kB as JSON. */
  readonly metadata?: Readonly<Record<string, string>>;
}

/**
 * Looks for the build of this key, and creates it only where there is none: creating is not idempotent, and the
 * answer of an earlier attempt, in this process or another, may have been lost.
 */
export async function findOrCreate(rest: RestClient, wanted: TriggerRequest, signal: AbortSignal) {
  return (await findByKey(rest, wanted, signal)) ?? (await create(rest, wanted, signal));
}

/** Where two builds carry the key, as after a race of two processes, the first one: everybody agrees on it. */
async function findByKey(rest: RestClient, wanted: TriggerRequest, signal: AbortSignal) {
  const query = new URLSearchParams({ [`meta_data[${keyField}]`]: wanted.key, exclude_jobs: 'true' });
  const { body } = await rest({ method: 'GET', path: `${buildsPath(wanted)}?${query}` }, signal);
  if (!Array.isArray(body)) throw notABuild('look for the build');
  const numbers = body.flatMap((build) => {
    const report = readBuild(build, wanted.organization, wanted.pipeline);
    const number = whole(asFields(build)?.number);
    return report?.key === wanted.key && number !== undefined ? [number] : [];
  });
  return numbers.length === 0 ? undefined : idOf(wanted, Math.min(...numbers));
}

async function create(rest: RestClient, wanted: TriggerRequest, signal: AbortSignal): Promise<BuildId> {
  const { commit, branch, message, env, key, metadata = {} } = wanted;
  const body = present({ commit, branch, message, env, meta_data: writeStamp({ key, metadata }) });
  const answer = await rest({ method: 'POST', path: buildsPath(wanted), body }, signal);
  const number = whole(asFields(answer.body)?.number);
  if (number === undefined) throw notABuild('create the build');
  return idOf(wanted, number);
}

function idOf({ organization, pipeline }: PipelineAddress, number: number): BuildId {
  return formatBuildId({ organization, pipeline, number });
}

function notABuild(what: string): RestError {
  return new RestError(`${what}: the answer is no build`, { status: 200, undecodable: true });
}
