import type {
  Command,
  EvidenceDocument,
  EvidenceJob,
  EvidencePromise,
  EvidenceRun,
  EvidenceTest,
} from './document.ts';
import type { Counts, Part, ShownTest } from './part.ts';
import { placeBelow } from './places.ts';
import { rerunCommands } from './rerun.ts';

/** Tests and errors of one job that are told of, and names of muted ones. */
export const mostTests = 200;
export const mostErrors = 50;
const mostNames = 10;

export interface MergeSetup {
  readonly job: EvidenceJob | null;
  /** Absolute path of the repository's top folder. */
  readonly top: string;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** @default mostTests */
  readonly limit?: number;
}

/** The evidence of a job from what each of its runs has to tell; at least one part. */
export function mergeParts(all: readonly Part[], setup: MergeSetup): EvidenceDocument {
  const parts = [...all].sort((a, b) => a.startedAt - b.startedAt);
  const counted = parts.filter((part) => !parts.some((later) => repeats(later, part)));
  const tests = distinctTests(counted, parts).slice(0, setup.limit ?? mostTests);
  const errors = counted
    .flatMap((part) => part.errors.map((error) => ({ part, error })))
    .slice(0, mostErrors);
  const told = new Map(tests.map(({ test, part }) => [test.key, part]));
  const counts = sumCounts(counted);
  const finishedAt = latest(parts.map((part) => part.finishedAt));
  const promised = parts
    .filter((part) => part.promise !== null)
    .sort((a, b) => (a.promise?.at ?? 0) - (b.promise?.at ?? 0))[0];
  const errorsInAll = counted.reduce((sum, part) => sum + part.errors.length + part.errorsOmitted, 0);
  return {
    version: 1,
    dry_run: parts.some((part) => part.dryRun),
    updated_at: isoTime(setup.now),
    started_at: isoTime(parts[0]?.startedAt ?? setup.now),
    finished_at: finishedAt === null ? null : isoTime(finishedAt),
    exit_status: exitStatusOf(parts),
    job: setup.job,
    promise: promised === undefined ? null : promiseOf(promised, finishedAt),
    held: promised === undefined ? (counted.at(-1)?.held ?? null) : null,
    counts,
    tests: tests.map(({ test, part }) => describeTest(test, part, setup.top)),
    tests_omitted: Math.max(0, counts.hard - errorsInAll - tests.length),
    errors: errors.map(({ part, error: { kind, where, file, message } }) => ({
      ...{ kind, where, file: file === null ? null : placeBelow(setup.top, file), message },
      runner: part.runner,
    })),
    errors_omitted: errorsInAll - errors.length,
    muted_tests: [...new Set(counted.flatMap((part) => part.mutedTests))].slice(0, mostNames),
    rerun: counted.flatMap((part) => rerunOf(part, setup.top, (test) => told.get(test.key) === part)),
    runs: parts.map((part) => describeRun(part, setup.top)),
  };
}

/** A wrapper ran failed tests again: what the earlier run shows, the later one has confirmed or made good. */
function repeats(later: Part, part: Part): boolean {
  const isOfFamily = later.runner === part.runner && later.root === part.root && later.family === part.family;
  return (
    isOfFamily && part.outerRetries > 0 && part.finishedAt !== null && later.startedAt >= part.finishedAt
  );
}

interface Owned {
  readonly test: ShownTest;
  readonly part: Part;
}

/** One test that several runs show is told once, with the attempts of all of them. */
function distinctTests(counted: readonly Part[], all: readonly Part[]): Owned[] {
  const attempts = new Map<string, number>();
  for (const { tests } of all) {
    for (const { key, attempts: made } of tests) {
      if (made !== null) attempts.set(key, (attempts.get(key) ?? 0) + made);
    }
  }
  const found = new Map<string, Owned>();
  for (const part of counted) {
    for (const test of part.tests) {
      if (found.has(test.key)) continue;
      found.set(test.key, { test: { ...test, attempts: attempts.get(test.key) ?? null }, part });
    }
  }
  return [...found.values()];
}

function sumCounts(parts: readonly Part[]): Counts {
  const seen = new Set<string>();
  let twice = 0;
  for (const { key } of parts.flatMap(({ tests }) => tests)) {
    if (seen.has(key)) twice++;
    seen.add(key);
  }
  const sum = (name: keyof Counts) => parts.reduce((total, part) => total + part.counts[name], 0);
  return {
    hard: sum('hard') - twice,
    muted: sum('muted'),
    flaky: sum('flaky'),
    contradicted: sum('contradicted'),
  };
}

/** The latest of all times; null while one is open. */
function latest(times: readonly (number | null)[]): number | null {
  return times.reduce<number | null>(
    (last, time) => (last === null || time === null ? null : Math.max(last, time)),
    Number.NEGATIVE_INFINITY,
  );
}

function exitStatusOf(parts: readonly Part[]): number | null {
  const statuses = parts.map((part) => part.exitStatus);
  if (statuses.includes(null)) return null;
  return statuses.find((status) => status !== 0) ?? 0;
}

function promiseOf({ promise, dryRun }: Part, finishedAt: number | null): EvidencePromise | null {
  if (promise === null) return null;
  const { exitStatus, at, channel, outcome } = promise;
  return {
    exit_status: exitStatus,
    promised_at: isoTime(at),
    channel,
    outcome: dryRun ? 'dry run' : outcome,
    head_start_ms: finishedAt === null ? null : Math.max(0, Math.round(finishedAt - at)),
  };
}

function describeRun(part: Part, top: string): EvidenceRun {
  const { runner, cwd, process, startedAt, finishedAt, exitStatus, held, counts } = part;
  return {
    runner,
    folder: placeBelow(top, cwd),
    process,
    started_at: isoTime(startedAt),
    finished_at: finishedAt === null ? null : isoTime(finishedAt),
    exit_status: exitStatus,
    promise: promiseOf(part, finishedAt),
    held,
    counts,
  };
}

function describeTest(test: ShownTest, part: Part, top: string): EvidenceTest {
  const { titles, file, line, column, project, attempts, message } = test;
  const [command] = rerunCommands(part, [test]);
  return {
    name: titles.join(' > '),
    titles,
    file: placeBelow(top, file),
    line,
    column,
    runner: part.runner,
    project,
    attempts,
    message,
    rerun: command === undefined ? null : { folder: placeBelow(top, part.cwd), command },
  };
}

function rerunOf(part: Part, top: string, isTold: (test: ShownTest) => boolean): Command[] {
  const files = part.errors.flatMap(({ file }) => (file === null ? [] : [file]));
  const folder = placeBelow(top, part.cwd);
  return rerunCommands(part, part.tests.filter(isTold), files).map((command) => ({ folder, command }));
}

function isoTime(ms: number): string {
  return new Date(Math.round(ms)).toISOString();
}
