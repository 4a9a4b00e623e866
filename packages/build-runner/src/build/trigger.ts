import type { RestClient } from '../rest/client.ts';
import { RestError } from '../rest/error.ts';
import { asFields, whole } from '../rest/fields.ts';
import { buildsPath, type PipelineAddress } from '../rest/paths.ts';
import { formatBuildId } from './id.ts';
import { readBuild } from './read-build.ts';
import { keyField } from './stamp.ts';
import { type TriggerRequest, triggerBody } from './trigger-request.ts';

/**
 * Looks for the build of this key and attempt, and creates it only where there is none: creating is not
 * idempotent, and the answer of an earlier call, in this process or another, may have been lost. Whoever has
 * created looks again: of several that raced, all agree on the lowest number.
 */
export async function findOrCreate(rest: RestClient, wanted: TriggerRequest, signal: AbortSignal) {
  const found = await findNumbers(rest, wanted, signal);
  if (found.length > 0) return idOf(wanted, Math.min(...found));
  const created = await create(rest, wanted, signal);
  return idOf(wanted, Math.min(created, ...(await findNumbers(rest, wanted, signal))));
}

async function findNumbers(
  rest: RestClient,
  wanted: TriggerRequest,
  signal: AbortSignal,
): Promise<readonly number[]> {
  const { organization, pipeline, key, attempt = 1 } = wanted;
  const query = new URLSearchParams({
    [`meta_data[${keyField}]`]: key,
    ...{ exclude_jobs: 'true', exclude_pipeline: 'true', per_page: '100' },
  });
  const { body } = await rest({ method: 'GET', path: `${buildsPath(wanted)}?${query}` }, signal);
  if (!Array.isArray(body)) throw notABuild('look for the build');
  return body.flatMap((build) => {
    const report = readBuild(build, organization, pipeline);
    const number = whole(asFields(build)?.number);
    const isIt = report?.key === key && report.attempt === attempt;
    return isIt && number !== undefined ? [number] : [];
  });
}

async function create(rest: RestClient, wanted: TriggerRequest, signal: AbortSignal): Promise<number> {
  const answer = await rest({ method: 'POST', path: buildsPath(wanted), body: triggerBody(wanted) }, signal);
  const number = whole(asFields(answer.body)?.number);
  if (number === undefined) throw notABuild('create the build');
  return number;
}

function idOf({ organization, pipeline }: PipelineAddress, number: number): string {
  return formatBuildId({ organization, pipeline, number });
}

function notABuild(what: string): RestError {
  return new RestError(`${what}: the answer is no build`, { status: 200, undecodable: true });
}
