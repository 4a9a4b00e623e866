import type { BuildReport } from '../build/build.ts';
import { fetchReport, withFailingJobs } from '../build/fetch-report.ts';
import { readBuild } from '../build/read-build.ts';
import type { RestClient } from '../rest/client.ts';
import { classifyBuildError, RestError } from '../rest/error.ts';
import { asFields, whole } from '../rest/fields.ts';
import { buildsPath } from '../rest/paths.ts';
import type { JobsKnown } from './merge-reports.ts';
import { buildsPerPage, planPolls } from './poll-plan.ts';
import type { WatchedBuild } from './watched-build.ts';

/** What a poll learned of one build. */
interface Finding {
  readonly build: WatchedBuild;
  readonly report: BuildReport;
  readonly jobsKnown: JobsKnown;
}

/** One request, or two for a build that fails. */
export type FetchFindings = (signal: AbortSignal) => Promise<readonly Finding[]>;

/**
 * Makes the request when the rate limits allow it, and applies what it finds before anything else may act. `soon`
 * does not wait for its turn, see `RateBudget`.
 */
export type PollStep = (fetch: FetchFindings, soon?: boolean) => Promise<void>;

/** Highest build number seen of each pipeline, watched or not: without it pages cannot be counted in advance. */
export type NewestBuilds = Map<string, number>;

/** What to read of one pipeline. */
export interface Sweep {
  readonly builds: readonly WatchedBuild[];
  readonly newest: NewestBuilds;
  /** Reads the jobs of failing builds also where they are known. */
  readonly jobs: boolean;
}

/** Reads every build of one pipeline once, in as few requests as `planPolls` finds. */
export async function sweepPipeline(rest: RestClient, sweep: Sweep, step: PollStep): Promise<void> {
  const { builds, newest } = sweep;
  const numbers = [...new Set(builds.map((build) => build.address.number))];
  const path = builds[0] === undefined ? '' : buildsPath(builds[0].address);
  const { pagesDownTo, single } = planPolls(numbers, Math.max(newest.get(path) ?? 0, ...numbers));
  const alone = new Set(single);
  if (pagesDownTo !== undefined) {
    const paged = builds.filter((build) => !alone.has(build.address.number));
    const seen = await readPages(rest, { ...sweep, path, builds: paged, downTo: pagesDownTo }, step);
    for (const build of paged) if (!seen.has(build)) alone.add(build.address.number);
  }
  for (const build of builds) if (alone.has(build.address.number)) await readAlone(rest, build, step);
}

interface Paging extends Sweep {
  readonly path: string;
  readonly downTo: number;
}

/** Reads pages, then the jobs of the builds that have begun to fail; the set of builds that were on the pages. */
async function readPages(rest: RestClient, paging: Paging, step: PollStep) {
  const { path, builds, downTo, newest, jobs } = paging;
  const byNumber = new Map(builds.map((build) => [build.address.number, build]));
  const seen = new Set<WatchedBuild>();
  const failing: Finding[] = [];
  for (let number = 1, more = true; more; number++) {
    await step(async (signal) => {
      const page = await readPage(rest, path, number, signal);
      more = page?.full === true && page.lowest > downTo;
      newest.set(path, Math.max(newest.get(path) ?? 0, page?.highest ?? 0));
      const findings = (page?.builds ?? []).flatMap((body) => findingOf(body, byNumber));
      for (const { build } of findings) seen.add(build);
      const fails = findings.filter((finding) => needsJobs(finding, jobs));
      failing.push(...fails);
      return findings.filter((finding) => !fails.includes(finding));
    });
  }
  for (const finding of failing) await readJobs(rest, finding, step);
  return seen;
}

function findingOf(body: unknown, byNumber: ReadonlyMap<number, WatchedBuild>): Finding[] {
  const build = byNumber.get(whole(asFields(body)?.number) ?? 0);
  const report = build && readBuild(body, build.address.organization, build.address.pipeline);
  return build === undefined || report === undefined ? [] : [{ build, report, jobsKnown: 'none' }];
}

function needsJobs({ build, report }: Finding, always: boolean): boolean {
  const fails = report.status === 'failing' || report.status === 'failed';
  return fails && (always || build.known?.status !== report.status);
}

/** A page tells no jobs, and nobody is told that a build fails without them: so they come first, and soon. */
async function readJobs(rest: RestClient, { build, report }: Finding, step: PollStep): Promise<void> {
  await step(
    async (signal) => [
      { build, report: await withFailingJobs(rest, build.address, report, signal), jobsKnown: 'all' },
    ],
    true,
  );
}

async function readAlone(rest: RestClient, build: WatchedBuild, step: PollStep): Promise<void> {
  if (build.settled) return;
  await step(async (signal) => {
    try {
      return [{ build, report: await fetchReport(rest, build.address, signal), jobsKnown: 'all' }];
    } catch (error) {
      if (classifyBuildError(error).verdict !== 'terminal') throw error;
      build.fail(error);
      return [];
    }
  });
}

interface BuildPage {
  readonly builds: readonly unknown[];
  readonly highest: number;
  readonly lowest: number;
  readonly full: boolean;
}

/** One page of the list; undefined where Buildkite refuses to go so deep. */
async function readPage(rest: RestClient, path: string, page: number, signal: AbortSignal) {
  const query = `exclude_jobs=true&exclude_pipeline=true&per_page=${buildsPerPage}&page=${page}`;
  try {
    const { body } = await rest({ method: 'GET', path: `${path}?${query}` }, signal);
    if (!Array.isArray(body)) {
      throw new RestError(`GET ${path}: not a list of builds`, { status: 200, undecodable: true });
    }
    return toPage(body);
  } catch (error) {
    if (classifyBuildError(error).status !== 400) throw error;
    return undefined;
  }
}

function toPage(builds: readonly unknown[]): BuildPage {
  const numbers = builds.flatMap((build) => whole(asFields(build)?.number) ?? []);
  return {
    ...{ builds, full: builds.length >= buildsPerPage },
    ...{ highest: Math.max(0, ...numbers), lowest: Math.min(Number.MAX_SAFE_INTEGER, ...numbers) },
  };
}
