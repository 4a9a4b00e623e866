import type { RestClient } from '../rest/client.ts';
import { RestError } from '../rest/error.ts';
import { asFields, text } from '../rest/fields.ts';
import { type BuildAddress, buildPath } from '../rest/paths.ts';
import type { FailingJob } from './build.ts';
import { formatBuildId } from './id.ts';
import { failedStates, hasNeverRun, neverRunStates, readFailingJob } from './read-failing-job.ts';

/** Most jobs that a report names: what a person or a program can use, and what keeps memory bounded. */
export const maxFailingJobs = 100;

/**
 * The jobs that make a build fail, the running ones with a hard promise included: `state[]=failed` lists both, and
 * leaves out what timed out, expired or broke, which are states of their own. Jobs that never ran are named only
 * where nothing else failed. Source: buildkite/docs pages/apis/rest_api/jobs.md.
 */
export async function fetchFailingJobs(rest: RestClient, address: BuildAddress, signal: AbortSignal) {
  const failed: FailingJob[] = [];
  const neverRan: FailingJob[] = [];
  let after: string | undefined;
  do {
    const page = await fetchPage(rest, address, after, signal);
    for (const job of page.jobs) (hasNeverRun(job) ? neverRan : failed).push(job);
    after = page.next === after ? undefined : page.next;
  } while (after !== undefined && failed.length < maxFailingJobs && neverRan.length < neverRunPatience);
  return (failed.length > 0 ? failed : neverRan).slice(0, maxFailingJobs);
}

/** Jobs that never ran to be paged through in search of one that failed. */
const neverRunPatience = 1000;

async function fetchPage(
  rest: RestClient,
  address: BuildAddress,
  after: string | undefined,
  signal: AbortSignal,
) {
  const query = new URLSearchParams({ per_page: '100', include_retried_jobs: 'false' });
  for (const state of [...failedStates, ...neverRunStates]) query.append('state[]', state);
  if (after !== undefined) query.set('after', after);
  const path = `${buildPath(address)}/jobs?${query}`;
  const { body } = await rest({ method: 'GET', path }, signal);
  const page = asFields(body);
  if (!Array.isArray(page?.items)) {
    const what = `GET ${formatBuildId(address)} jobs: not a list of jobs`;
    throw new RestError(what, { status: 200, undecodable: true });
  }
  const jobs = page.items.flatMap((job) => readFailingJob(job) ?? []);
  return { jobs, next: cursorOf(text(asFields(page.links)?.next)) };
}

function cursorOf(next: string | undefined): string | undefined {
  if (next === undefined || !URL.canParse(next, 'http://next')) return undefined;
  return new URL(next, 'http://next').searchParams.get('after') ?? undefined;
}
