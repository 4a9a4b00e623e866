import type { RestClient } from '../rest/client.ts';
import { RestError } from '../rest/error.ts';
import { buildsPath, type PipelineAddress } from '../rest/paths.ts';
import { readBuild } from './read-build.ts';

/** A branch of a pipeline. */
export interface BranchAddress extends PipelineAddress {
  readonly branch: string;
}

/** The newest build of the branch, without its jobs; undefined where there is none. */
export async function fetchLatest(rest: RestClient, wanted: BranchAddress, signal: AbortSignal) {
  const { organization, pipeline, branch } = wanted;
  const query = new URLSearchParams({
    branch,
    ...{ per_page: '1', exclude_jobs: 'true', exclude_pipeline: 'true' },
  });
  const { body } = await rest({ method: 'GET', path: `${buildsPath(wanted)}?${query}` }, signal);
  if (!Array.isArray(body)) {
    throw new RestError(`look for the latest build: not a list of builds`, {
      status: 200,
      undecodable: true,
    });
  }
  return readBuild(body[0], organization, pipeline);
}
