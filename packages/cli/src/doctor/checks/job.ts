import { readFlag } from '@promise-failure/core/command';
import { containerLines } from '../container.ts';
import type { Check, Finding } from '../finding.ts';
import { turboLine } from '../turbo-line.ts';

/** Whether this is a job; if not, what may have kept its variables away. */
export const checkJob: Check = async ({ env, inContainer }) => {
  const { BUILDKITE_JOB_ID: id, BUILDKITE_ORGANIZATION_SLUG: organization } = env;
  const finding = (status: Finding['status'], says: string, todo?: string): Finding[] => [
    { ...{ check: 'job', status, says }, ...(todo !== undefined && { todo }) },
  ];
  if (id) {
    const build = `${organization}/${env.BUILDKITE_PIPELINE_SLUG}/${env.BUILDKITE_BUILD_NUMBER}`;
    return finding('ok', organization ? `${id} of ${build}` : id);
  }
  if (readFlag(env).type === 'dry-run') return finding('ok', 'none, and a dry run needs none');
  if (env.TURBO_HASH) {
    return finding('problem', 'Turborepo hands none of the job’s variables on to its tasks', turboLine);
  }
  if (inContainer) {
    return finding(
      'problem',
      'this is no Buildkite job, or a container without its variables',
      containerLines(env),
    );
  }
  return finding(
    'problem',
    'this is not a Buildkite job: BUILDKITE_JOB_ID is not set',
    'run `npx promise-failure doctor` in the step itself; PROMISE_FAILURE=dry-run shows on any machine what would be promised',
  );
};
