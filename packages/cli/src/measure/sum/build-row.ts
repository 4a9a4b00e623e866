import type { BuildFacts } from '../facts/facts.ts';
import { between, iso } from './job-row.ts';

/** A build that was failing before its end, or would have been. Durations are milliseconds, times ISO 8601. */
export interface BuildRow {
  readonly build: string;
  readonly url: string | null;
  readonly branch: string | null;
  /** Null where only its jobs are known. */
  readonly state: string | null;
  readonly startedAt: string | null;
  readonly failingAt: string | null;
  readonly finishedAt: string | null;
  /** From failing to the end; null for a build that recovered. */
  readonly headStartMs: number | null;
}

/** Null for a build of whose failure nobody knew before its end. */
export function buildRow(facts: BuildFacts): BuildRow | null {
  const { id, url, branch, state } = facts;
  const { startedAt, failingAt, finishedAt } = state === undefined ? guessTimes(facts) : facts;
  if (failingAt === undefined) return null;
  const hasFailed = state === undefined || state === 'failed';
  return {
    ...{ build: id, url: url ?? null, branch: branch ?? null, state: state ?? null },
    ...{ startedAt: iso(startedAt), failingAt: iso(failingAt), finishedAt: iso(finishedAt) },
    headStartMs: hasFailed ? between(failingAt, finishedAt) : null,
  };
}

/** From the first start to the last end of the jobs that are known: the build itself may have gone on longer. */
function guessTimes({ jobs }: BuildFacts) {
  const pick = (choose: (...times: number[]) => number, times: readonly (number | undefined)[]) => {
    const known = times.filter((time) => time !== undefined);
    return known.length === 0 ? undefined : choose(...known);
  };
  return {
    startedAt: pick(
      Math.min,
      jobs.map(({ startedAt }) => startedAt),
    ),
    failingAt: pick(
      Math.min,
      jobs.map(({ promised, end }) => (end === 'passed' ? undefined : promised?.at)),
    ),
    finishedAt: pick(
      Math.max,
      jobs.map(({ finishedAt }) => finishedAt),
    ),
  };
}
