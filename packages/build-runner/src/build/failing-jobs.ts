import type { RestClient } from '../rest/client.ts';
import { RestError } from '../rest/error.ts';
import { asFields, text } from '../rest/fields.ts';
import { type BuildAddress, buildPath } from '../rest/paths.ts';
import type { FailingJob } from './build.ts';
import { formatBuildId } from './id.ts';
import { readFailingJob } from './read-build.ts';

/** Most jobs that a report names: what a person or a program can use, and what keeps memory bounded. */
export const maxFailingJobs = 100;

/**
 * The jobs that make a build fail, the running ones with a hard promise included: `state[]=failed` lists both.
 * Source: buildkite/docs pages/apis/rest_api/jobs.md.
 */
export async function fetchFailingJobs(rest: RestClient, address: BuildAddress, signal: AbortSignal) {
  const jobs: FailingJob[] = [];
  let after: string | undefined;
  do {
    const query = new URLSearchParams({
      'state[]': 'failed',
      per_page: '100',
      include_retried_jobs: 'false',
    });
    if (after !== undefined) query.set('after', after);
    const path = `${buildPath(address)}/jobs?${query}`;
    const { body } = await rest({ method: 'GET', path }, signal);
    const page = asFields(body);
    if (!Array.isArray(page?.items)) {
      const what = `GET ${formatBuildId(address)} jobs: not a list of jobs`;
      throw new RestError(what, { status: 200, undecodable: true });
    }
    jobs.push(...page.items.flatMap((job) => readFailingJob(job) ?? []));
    const next = cursorOf(text(asFields(page.links)?.next));
    after = next === after ? undefined : next;
  } while (after !== undefined && jobs.length < maxFailingJobs);
  return jobs.slice(0, maxFailingJobs);
}

function cursorOf(next: string | undefined): string | undefined {
  return next === undefined
    ? undefined
    : (new URL(next, 'http://next').searchParams.get('after') ?? undefined);
}
