import type { FullConfig, Suite, TestCase } from '@playwright/test/reporter';

type Env = Readonly<Record<string, string | undefined>>;

/** How many tests a file has; Playwright counts all of them up to 1.63, and those that are not skipped since 1.64. */
export interface Size {
  readonly all: number;
  readonly active: number;
}

/**
 * Files of the sharded run that may change places without any test changing its shard: those that lie wholly inside
 * this shard's part of all tests, where every other shard counts the same sum whatever their order. Empty where
 * that cannot be proved: projects that depend on others, weights, a version whose way to share is not known, or
 * files whose tests need several kinds of workers and thus do not lie together.
 */
export function movableFiles(projects: readonly Suite[], config: FullConfig, env: Env): ReadonlySet<Suite> {
  const [, minor] = /^1\.(\d+)\./.exec(config.version) ?? [];
  const isKnown = minor !== undefined && Number(minor) >= 62 && Number(minor) <= 65;
  const isPlain = config.projects.every((project) => project.dependencies.length === 0 && !project.teardown);
  if (config.shard === null || !isKnown || !isPlain || env.PWTEST_SHARD_WEIGHTS) return new Set();
  if (!projects.every((project) => hasOneKindOfWorker(project.allTests()))) return new Set();
  const files = projects.flatMap((project) => project.suites);
  const inside = insideShard(files.map(sizeOf), config.shard);
  return new Set(files.filter((_, at) => inside[at]));
}

/** For each size, whether it lies wholly inside the shard, by both ways to count. */
export function insideShard(
  sizes: readonly Size[],
  shard: { readonly current: number; readonly total: number },
): boolean[] {
  const byAll = inside(
    sizes.map(({ all }) => all),
    shard,
  );
  const hasActive = sizes.some(({ active }) => active > 0);
  const byActive = hasActive
    ? inside(
        sizes.map(({ active }) => active),
        shard,
      )
    : byAll;
  return sizes.map((_, at) => Boolean(byAll[at] && byActive[at]));
}

function inside(
  sizes: readonly number[],
  { current, total }: { readonly current: number; readonly total: number },
): boolean[] {
  const sum = sizes.reduce((a, b) => a + b, 0);
  const share = Math.floor(sum / total);
  const larger = sum % total;
  const from = share * (current - 1) + Math.min(larger, current - 1);
  const to = from + share + (current <= larger ? 1 : 0);
  let end = 0;
  return sizes.map((size) => {
    const start = end;
    end += size;
    // A skipped test at the very start of a shard's part belongs to the shard before (1.64).
    return size > 0 && (start > from || from === 0) && end <= to;
  });
}

function sizeOf(file: Suite): Size {
  const tests = file.allTests();
  return { all: tests.length, active: tests.filter((test) => test.expectedStatus !== 'skipped').length };
}

function hasOneKindOfWorker(tests: readonly TestCase[]): boolean {
  const kinds = new Set(tests.map((test) => (test as { readonly _workerHash?: unknown })._workerHash));
  return kinds.size === 1 && !kinds.has(undefined);
}
