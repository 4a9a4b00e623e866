import type { RestClient } from '../rest/client.ts';
import { RestError } from '../rest/error.ts';
import { buildsPath, type PipelineAddress } from '../rest/paths.ts';
import { type PastBuild, readPastBuild } from './past-build.ts';

/** Which builds of a pipeline are meant: those that have ended. Times are ISO 8601. */
export interface HistoryQuery extends PipelineAddress {
  readonly branch?: string | undefined;
  readonly createdFrom?: string | undefined;
  readonly createdTo?: string | undefined;
}

/** One page, newest first. */
export interface PastPage {
  readonly builds: readonly PastBuild[];
  readonly hasMore: boolean;
}

const ends = ['passed', 'failed', 'canceled'];

/** Source: buildkite/docs pages/apis/rest_api/builds.md, pages/apis/rest_api.md (`Link`). */
export async function fetchPastPage(
  rest: RestClient,
  wanted: HistoryQuery,
  { number, size }: { readonly number: number; readonly size: number },
  signal: AbortSignal,
): Promise<PastPage> {
  const { organization, pipeline, branch, createdFrom, createdTo } = wanted;
  const query = new URLSearchParams({
    ...{ per_page: String(size), page: String(number) },
    ...{ exclude_pipeline: 'true', include_retried_jobs: 'true' },
    ...(branch !== undefined && { branch }),
    ...(createdFrom !== undefined && { created_from: createdFrom }),
    ...(createdTo !== undefined && { created_to: createdTo }),
  });
  for (const state of ends) query.append('state[]', state);
  const path = `${buildsPath(wanted)}?${query}`;
  const { body, headers } = await rest({ method: 'GET', path }, signal);
  if (!Array.isArray(body)) {
    throw new RestError(`GET ${path}: not a list of builds`, { status: 200, undecodable: true });
  }
  const builds = body.flatMap((build) => readPastBuild(build, organization, pipeline) ?? []);
  return { builds, hasMore: /rel="?next"?/.test(String(headers.link ?? '')) };
}
