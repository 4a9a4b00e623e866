import type { RestClient } from '../rest/client.ts';
import { RestError } from '../rest/error.ts';
import { type BuildAddress, buildPath } from '../rest/paths.ts';
import type { BuildReport } from './build.ts';
import { fetchFailingJobs } from './failing-jobs.ts';
import { formatBuildId } from './id.ts';
import { readBuild } from './read-build.ts';
import { hasNeverRun } from './read-failing-job.ts';

/** One request for the build, and one more for the jobs of a build that fails. */
export async function fetchReport(rest: RestClient, address: BuildAddress, signal: AbortSignal) {
  const path = `${buildPath(address)}?exclude_jobs=true&exclude_pipeline=true`;
  const { body } = await rest({ method: 'GET', path }, signal);
  const report = readBuild(body, address.organization, address.pipeline);
  if (report === undefined) {
    throw new RestError(`GET ${formatBuildId(address)}: not a build`, { status: 200, undecodable: true });
  }
  return withFailingJobs(rest, address, report, signal);
}

/**
 * Adds the failing jobs to a build that fails. `failing_at` is never cleared, so a build that is `running` with
 * one, and with no failing job, has recovered by a retry.
 */
export async function withFailingJobs(
  rest: RestClient,
  address: BuildAddress,
  report: BuildReport,
  signal: AbortSignal,
): Promise<BuildReport> {
  if (report.status !== 'failing' && report.status !== 'failed') return report;
  const failingJobs = await fetchFailingJobs(rest, address, signal);
  const recovered = report.state === 'running' && failingJobs.every(hasNeverRun);
  return recovered ? { ...report, status: 'running' } : { ...report, failingJobs };
}
