import { describe, expect, it } from 'vitest';
import { type Project, type RunResult, type RunSetup, runProject } from '../harness/harness.ts';
import { type Agent, answering, gone, hanging, refusing } from '../harness/job.ts';
import type { RunnerName } from '../harness/runners.ts';
import { testedRunner } from '../harness/target.ts';

/** The projects by which one runner shows that our reporter is never in the way. */
export interface BehaviourProjects {
  /** Every test passes. */
  readonly green: Project;
  /** A test fails, a later one calls `promised`. */
  readonly failing: Project;
  /** A test fails once and passes when retried. */
  readonly flaky: Project;
  /** The failing project with nothing but JSON on stdout. */
  readonly json: Project;
}

const drainMs = 1000;
/** Far above what a loaded machine adds, far below the minute after which the harness ends a hanging run. */
const marginMs = 20_000;

const agents: readonly (readonly [string, Agent])[] = [
  ['is gone', gone],
  ['never answers', hanging],
  ['answers after the drain timeout', refusing(500, 3 * drainMs)],
  ['does not accept the token', answering(401)],
  ['does not know the route', answering(404, '404 page not found\n')],
  ['is told 401 by Buildkite', refusing(401)],
  ['is told 404 by Buildkite', refusing(404)],
  ['is told 409 by Buildkite', refusing(409)],
  ['is told 422 by Buildkite', refusing(422)],
  ['is told 503 by Buildkite', refusing(503)],
];

/** Registers the tests that hold for every runner, whatever its events are. */
export function describeBehaviours(runner: RunnerName, projects: BehaviourProjects): void {
  const { setup, version } = testedRunner(runner);
  const run = (project: Project, more: Partial<RunSetup> = {}) => runProject(project, { ...setup, ...more });
  const compare = async (project: Project, more: Partial<RunSetup>) => {
    const bare = await run(project, { reporter: false });
    const ours = await run(project, { waitMs: 0, ...more });
    expect(ours.exitCode, ours.stderr).toBe(bare.exitCode);
    expect(maskTimes(ours.stdout)).toBe(maskTimes(bare.stdout));
    return { bare, ours };
  };

  describe(`our reporter beside ${runner} ${version}`, () => {
    it.concurrent('promises while later tests still run', async () => {
      const { promises, trace } = await run(projects.failing);
      expect(trace).toContainEqual(expect.stringMatching(/^seen /));
      expect(promises).toMatchObject([
        { exitStatus: 1, reason: expect.stringMatching(/^test_failure \(1 failed/) },
      ]);
    });

    it.concurrent('promises nothing for a flaky test', async () => {
      expect(await run(projects.flaky)).toMatchObject({ exitCode: 0, calls: [] });
    });

    it.concurrent('loads no HTTP library in a green run', async () => {
      const watched = (project: Project) => ({
        ...project,
        files: { ...project.files, 'watch-loading.cjs': watchLoading },
        env: { NODE_OPTIONS: '--require ./watch-loading.cjs' },
      });
      const green = await run(watched(projects.green));
      expect(green).toMatchObject({
        exitCode: 0,
        calls: [],
        stderr: expect.not.stringContaining('promise-failure'),
      });
      expect(green.trace).toEqual([]);
      expect((await run(watched(projects.failing))).trace).toContain('started our thread');
    });

    it.concurrent.each([
      ['the flag is off', { PROMISE_FAILURE: 'false', BUILDKITE_TEST_ENGINE_PROMISE_FAILURE: 'true' }, {}],
      ['there is no flag', { PROMISE_FAILURE: '' }, {}],
      ['there is no job', {}, { inJob: false }],
    ] as const)('does nothing when %s', async (_when, env, more) => {
      const { ours } = await compare({ ...projects.failing, env }, more);
      expect(ours.calls).toEqual([]);
      expect(ours.stderr).not.toContain('promise-failure');
    });

    it.concurrent('tells in a dry run what it would have promised, and promises nothing', async () => {
      const { ours } = await compare(
        { ...projects.failing, env: { PROMISE_FAILURE: 'dry-run' } },
        { inJob: false },
      );
      expect(ours.calls).toEqual([]);
      expect(ours.stderr).toMatch(/promise-failure.*would.*exit status 1/);
    });

    it.concurrent('leaves exit code and stdout as they are', async () => {
      for (const project of [projects.green, projects.flaky, projects.failing]) await compare(project, {});
    });

    it.concurrent('leaves JSON on stdout as it is', async () => {
      const bare = await run(projects.json, { reporter: false });
      const ours = await run(projects.json, { waitMs: 0 });
      expect(ours.promises).toHaveLength(1);
      expect(withoutTimes(ours.stdout)).toEqual(withoutTimes(bare.stdout));
    });

    it.concurrent.each(agents)(
      'changes nothing, and ends in time, when the agent %s',
      async (_what, agent) => {
        const env = { PROMISE_FAILURE_DRAIN_TIMEOUT_MS: String(drainMs) };
        const { bare, ours } = await compare({ ...projects.failing, env }, { agent });
        expect(duration(ours)).toBeLessThan(duration(bare) + drainMs + marginMs);
      },
    );
  });
}

/**
 * Preloaded into every process of a run: writes a line when a thread of ours is started, in which alone HTTP is
 * spoken, and when undici is among what the process has loaded. Required, since `node --test` imports no preloads.
 */
const watchLoading = `const { appendFileSync } = require('node:fs');
const { syncBuiltinESMExports } = require('node:module');
const { join } = require('node:path');
const threads = require('node:worker_threads');
const note = (line) => appendFileSync(join(__dirname, 'trace'), line + '\\n');
threads.Worker = class extends threads.Worker {
  constructor(file, options) {
    if (options?.name === 'promise-failure') note('started our thread');
    super(file, options);
  }
};
syncBuiltinESMExports();
const { cache } = require;
process.on('exit', () => {
  if (Object.keys(cache).some((path) => /[\\\\/]undici[\\\\/]/.test(path))) note('loaded undici');
});
`;

function duration({ startedAt, endedAt }: RunResult): number {
  return endedAt - startedAt;
}

/** Hides times and the project's folder, which differ between any two runs. */
function maskTimes(output: string): string {
  return output
    .replace(/\.tmp\/[0-9a-f]{12}/g, '.tmp/<project>')
    .replace(/\d\d:\d\d:\d\d/g, '<time>')
    .replace(/duration_ms \d+(\.\d+)?/g, 'duration_ms <time>')
    .replace(/ *\(?\d+(\.\d+)? ?m?s\b\)?/g, ' <time>');
}

/** Also without the list of reporters, in which ours stands. */
function withoutTimes(output: string): unknown {
  return JSON.parse(maskTimes(output), (key, value: unknown) =>
    /^reporters?$|time|duration|start|end|perf|memory|slow/i.test(key) ? '<varies>' : value,
  );
}
