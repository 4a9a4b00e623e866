import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Project, runProject } from '../harness/harness.ts';
import type { RunnerName } from '../harness/runners.ts';
import { testedRunner } from '../harness/target.ts';

/** In which attempts a test or a hook throws; `later`: in all but the first. */
type Throws = 'never' | 'always' | 'first' | 'later';

export interface RandomTest {
  readonly kind: 'test';
  readonly throws: Throws;
  readonly mark: 'none' | 'expected to fail' | 'skipped';
}

export interface RandomBlock {
  readonly kind: 'block';
  /** Retries of this block, where the runner has them. */
  readonly retries: number | undefined;
  /** Retried as a whole, where the runner has that. */
  readonly whole: boolean;
  readonly hooks: Readonly<Record<'beforeAll' | 'beforeEach' | 'afterEach' | 'afterAll', Throws>>;
  readonly children: readonly (RandomTest | RandomBlock)[];
}

/** A project in no runner's words. */
export interface RandomProject {
  readonly retries: number;
  readonly bail: boolean;
  readonly files: readonly RandomBlock[];
}

/**
 * Registers tests with random projects: each is run with and without our reporter, and must exit alike, and be
 * promised if and only if it exits non-zero. `PF_RANDOM_RUNS` (10) is their number, `PF_RANDOM_SEED` their seed.
 */
export function describeRandom(runner: RunnerName, render: (project: RandomProject) => Project): void {
  const { setup, version } = testedRunner(runner);
  const seed = Number(process.env.PF_RANDOM_SEED ?? 1);
  const numRuns = Number(process.env.PF_RANDOM_RUNS ?? 10);
  const projects = fc.sample(randomProject, { seed, numRuns });

  describe(`random projects of ${runner} ${version}, seed ${seed}`, () => {
    for (const [index, random] of projects.entries()) {
      it.concurrent(`project ${index} is promised if and only if it fails`, async () => {
        const project = render(random);
        const bare = await runProject(project, { ...setup, reporter: false });
        const ours = await runProject(project, setup);
        const shown = `${JSON.stringify(random)}\n${ours.stdout}\n${ours.stderr}`;
        expect(ours.exitCode, shown).toBe(bare.exitCode);
        expect(
          ours.promises.map(({ exitStatus }) => exitStatus),
          shown,
        ).toEqual(bare.exitCode === 0 ? [] : [bare.exitCode]);
      });
    }
  });
}

/** Mostly passing: half of the projects are to end green. */
function throws(never: number): fc.Arbitrary<Throws> {
  return fc.oneof(
    { weight: never, arbitrary: fc.constant<Throws>('never') },
    { weight: 2, arbitrary: fc.constant<Throws>('first') },
    { weight: 1, arbitrary: fc.constantFrom<Throws>('always', 'later') },
  );
}

const test: fc.Arbitrary<RandomTest> = fc.record({
  kind: fc.constant('test' as const),
  throws: throws(8),
  mark: fc.oneof(
    { weight: 10, arbitrary: fc.constant('none' as const) },
    { weight: 1, arbitrary: fc.constantFrom('expected to fail' as const, 'skipped' as const) },
  ),
});

const hook = throws(40);

const block: fc.Arbitrary<RandomBlock> = fc.letrec<{ block: RandomBlock; child: RandomTest | RandomBlock }>(
  (tie) => ({
    block: fc.record({
      kind: fc.constant('block' as const),
      retries: fc.option(fc.integer({ min: 0, max: 2 }), { nil: undefined, freq: 2 }),
      whole: fc.oneof(
        { weight: 4, arbitrary: fc.constant(false) },
        { weight: 1, arbitrary: fc.constant(true) },
      ),
      hooks: fc.record({ beforeAll: hook, beforeEach: hook, afterEach: hook, afterAll: hook }),
      children: fc.array(tie('child'), { minLength: 1, maxLength: 3 }),
    }),
    child: fc.oneof({ maxDepth: 2, withCrossShrink: true }, test, tie('block')),
  }),
).block;

const randomProject: fc.Arbitrary<RandomProject> = fc.record({
  retries: fc.integer({ min: 0, max: 2 }),
  bail: fc.oneof({ weight: 9, arbitrary: fc.constant(false) }, { weight: 1, arbitrary: fc.constant(true) }),
  files: fc.array(block, { minLength: 1, maxLength: 2 }),
});
