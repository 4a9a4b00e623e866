import type { Environment } from '../agent/environment.ts';
import type { Build } from '../model/types.ts';

/** What a build puts into its pipeline. */
export type UploadingBuild = Pick<
  Build,
  'id' | 'number' | 'branch' | 'commit' | 'message' | 'env' | 'pullRequest'
>;

/** The variables that a pipeline's upload can put in: the build's own. A job's own are not known then. */
export function uploadEnvironment(
  build: UploadingBuild,
  organization: string,
  pipeline: string,
): Environment {
  return {
    ...build.env,
    BUILDKITE: 'true',
    CI: 'true',
    BUILDKITE_BRANCH: build.branch,
    BUILDKITE_BUILD_ID: build.id,
    BUILDKITE_BUILD_NUMBER: String(build.number),
    BUILDKITE_COMMIT: build.commit,
    BUILDKITE_MESSAGE: build.message,
    BUILDKITE_ORGANIZATION_SLUG: organization,
    BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main',
    BUILDKITE_PIPELINE_SLUG: pipeline,
    BUILDKITE_PULL_REQUEST: build.pullRequest?.id ?? 'false',
    BUILDKITE_PULL_REQUEST_BASE_BRANCH: build.pullRequest?.base ?? '',
    BUILDKITE_SOURCE: 'api',
  };
}

/** What to say of variables that were empty at upload; undefined if there were none. */
export function missingNote(file: string, missing: ReadonlySet<string>): string | undefined {
  if (missing.size === 0) return undefined;
  const names = [...missing].map((name) => `$${name}`).join(', ');
  return `${file}: ${names} ${missing.size === 1 ? 'is' : 'are'} empty when the pipeline is uploaded; write $$ for what the job's own shell is to see.`;
}
