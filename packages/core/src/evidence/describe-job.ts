import type { Env } from '../env.ts';
import type { Redact } from './clean-text.ts';
import type { EvidenceJob } from './document.ts';

/** The job that this environment belongs to; null outside of one. */
export function describeJob(env: Env, redact: Redact): EvidenceJob | null {
  const id = env.BUILDKITE_JOB_ID;
  if (!id) return null;
  const read = (name: string) => {
    const value = env[`BUILDKITE_${name}`];
    return value ? redact(value) : null;
  };
  const count = (name: string) => {
    const value = env[`BUILDKITE_${name}`];
    return value && /^\d+$/.test(value) ? Number(value) : null;
  };
  const build = { id: read('BUILD_ID'), number: count('BUILD_NUMBER'), url: read('BUILD_URL') };
  return {
    id,
    url: build.url === null ? null : `${build.url}#${id}`,
    build,
    organization: read('ORGANIZATION_SLUG'),
    pipeline: read('PIPELINE_SLUG'),
    branch: read('BRANCH'),
    commit: read('COMMIT'),
    step: { id: read('STEP_ID'), key: read('STEP_KEY'), label: read('LABEL') },
    parallel_job: count('PARALLEL_JOB'),
    retry_count: count('RETRY_COUNT'),
  };
}
