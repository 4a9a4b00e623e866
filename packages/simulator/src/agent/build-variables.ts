import type { Build, Job } from '../model/types.ts';
import type { Environment } from './environment.ts';

/** What a job is told of its build beside what every job of the simulator has, whoever runs it. */
export function buildVariables(build: Build, job: Job): Environment {
  const { author, pullRequest, rebuiltFrom } = build;
  return {
    BUILDKITE_BUILD_AUTHOR: author?.name ?? '',
    BUILDKITE_BUILD_AUTHOR_EMAIL: author?.email ?? '',
    BUILDKITE_COMMAND: job.step.command,
    BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main',
    BUILDKITE_PIPELINE_PROVIDER: 'git',
    BUILDKITE_PULL_REQUEST: pullRequest?.id ?? 'false',
    BUILDKITE_PULL_REQUEST_BASE_BRANCH: pullRequest?.base ?? '',
    BUILDKITE_PULL_REQUEST_LABELS: pullRequest?.labels.join(',') ?? '',
    BUILDKITE_PULL_REQUEST_REPO: pullRequest?.repository ?? '',
    BUILDKITE_SOURCE: 'api',
    BUILDKITE_TAG: '',
    ...(rebuiltFrom !== null && {
      BUILDKITE_REBUILT_FROM_BUILD_ID: rebuiltFrom.id,
      BUILDKITE_REBUILT_FROM_BUILD_NUMBER: String(rebuiltFrom.number),
    }),
  };
}
