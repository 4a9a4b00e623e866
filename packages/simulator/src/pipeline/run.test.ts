import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Simulator, startSimulator } from '../agent/simulator.ts';
import type { Job } from '../model/types.ts';
import { parsePipeline } from './parse.ts';
import { type RunOptions, runPipeline } from './run.ts';

let simulator: Simulator;
let folder: string;
beforeEach(async () => {
  simulator = await startSimulator({ upstreamWaitsMs: [] });
  folder = await mkdtemp(join(tmpdir(), 'pf-run-'));
});
afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

/** Promises 1 straight at the Agent API, with nothing but Node. */
const promising = `node -e '
  const { BUILDKITE_AGENT_ENDPOINT: base, BUILDKITE_JOB_ID: id, BUILDKITE_AGENT_ACCESS_TOKEN: token } = process.env;
  fetch(base + "/jobs/" + id + "/promise_failure", { method: "PUT", body: "{\\"exit_status\\":1}",
    headers: { authorization: "Token " + token, "content-type": "application/json" } });'`;

function start(steps: unknown[], options: Partial<RunOptions> = {}) {
  const pipeline = parsePipeline(JSON.stringify({ steps }), 'p.json');
  const { PATH } = process.env;
  return runPipeline({
    pipeline,
    simulator,
    cwd: folder,
    logFolder: folder,
    machineEnv: { PATH, BUILDKITE_JOB_ID: 'outer' },
    ...options,
  });
}

async function logs(): Promise<Record<string, string>> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  return Object.fromEntries(
    await Promise.all(names.map(async (name) => [name, await readFile(join(folder, name), 'utf8')] as const)),
  );
}

const states = (jobs: readonly Job[]) =>
  jobs.map(({ step, state, exitStatus }) => [step.label, state, exitStatus]);

test('runs commands in the given folder with the environment of the job and its step', async () => {
  const command =
    'pwd; echo $BUILDKITE_PARALLEL_JOB $A $PROMISE_FAILURE $BUILDKITE_JOB_ID >&2; exit $BUILDKITE_RETRY_COUNT';
  const { ended } = start([
    { label: 'Env & Co', command, parallelism: 2, env: { A: 'b', PROMISE_FAILURE: 'true' } },
  ]);
  const build = await ended;
  expect(build.state).toBe('passed');
  const [first, second] = build.jobs;
  await vi.waitFor(async () =>
    expect(await logs()).toEqual({
      '01-env-co.log': expect.stringContaining(`0 b true ${first?.id}\n`),
      '02-env-co.log': expect.stringContaining(`1 b true ${second?.id}\n`),
    }),
  );
  expect((await logs())['01-env-co.log']).toContain(folder);
});

test('a promise cancels the sibling while the promising job runs on', async () => {
  const { ended } = start([
    { label: 'Tests', command: `${promising}; touch promised; sleep 1; touch ran-on` },
    { label: 'Visual diff', command: 'sleep 60', cancel_on_build_failing: true },
  ]);
  const build = await ended;
  expect(build.state).toBe('failed');
  expect(states(build.jobs)).toEqual([
    ['Tests', 'finished', 1],
    ['Visual diff', 'canceled', -1],
  ]);
  const [tests, sibling] = build.jobs;
  expect(tests).toMatchObject({ promisedExitStatus: 1, reportedExitStatus: 0 });
  expect(sibling?.finishedAt).toBeLessThan(tests?.finishedAt ?? 0);
  expect(await readdir(folder)).toContain('ran-on');
});

test('a job that ignores SIGTERM is killed with all its children after the grace period', async () => {
  const { ended, build } = start(
    [{ label: 'Stubborn', command: `trap '' TERM; echo ready; sh -c 'sleep 60'; sleep 60` }],
    { graceMs: 200, onOutput: () => simulator.model.cancelBuild(build) },
  );
  await ended;
  expect(build.state).toBe('canceled');
  expect(build.jobs[0]).toMatchObject({ state: 'canceled', signal: 'SIGKILL' });
});

test('automatic retries run the command again in a new job', async () => {
  const { ended } = start([
    { label: 'Flaky', command: 'test "$BUILDKITE_RETRY_COUNT" = 2', retry: { automatic: true } },
  ]);
  const build = await ended;
  expect(build.state).toBe('passed');
  expect(build.jobs.map(({ exitStatus }) => exitStatus)).toEqual([1, 1, 0]);
});

test('steps after a wait run when all before have passed, softly failed ones included', async () => {
  const { ended } = start([
    { label: 'Slow', command: 'sleep 0.3; touch slow' },
    { label: 'Soft', command: 'exit 3', soft_fail: [{ exit_status: 3 }] },
    'wait',
    { label: 'After', command: 'test -e slow' },
  ]);
  expect((await ended).state).toBe('passed');
});

test('steps after a failed one never run', async () => {
  const { ended } = start([
    { label: 'A', key: 'a', command: 'exit 4' },
    { label: 'B', key: 'b', command: 'touch ran', depends_on: 'a' },
    { label: 'C', command: 'touch ran', depends_on: ['b'] },
  ]);
  const build = await ended;
  expect(states(build.jobs)).toEqual([
    ['A', 'finished', 4],
    ['B', 'waiting_failed', null],
    ['C', 'waiting_failed', null],
  ]);
  expect(build.state).toBe('failed');
  expect(await readdir(folder)).not.toContain('ran');
});

test('no more jobs run at a time than there are agents', async () => {
  let most = 0;
  simulator.model.subscribe(({ build }) => {
    most = Math.max(most, build.jobs.filter(({ state }) => state === 'running').length);
  });
  const { ended } = start([{ label: 'Shard', command: 'sleep 0.1', parallelism: 5 }], { agents: 2 });
  const build = await ended;
  expect(build.state).toBe('passed');
  expect(most).toBe(2);
});

test('a job cancelled while its servers start ends the build all the same', async () => {
  const { ended, build } = start([{ label: 'Never', command: 'touch ran' }]);
  simulator.model.cancelBuild(build);
  expect((await ended).state).toBe('canceled');
  expect(await readdir(folder)).toEqual([]);
});

test('what a shell leaves in the background neither holds the job nor its log', async () => {
  const { ended } = start([{ label: 'Leaves', command: 'sleep 5 & echo $!' }]);
  const build = await ended;
  const [job] = build.jobs;
  expect((job?.finishedAt ?? 0) - (job?.startedAt ?? 0)).toBeLessThan(4000);
  await vi.waitFor(async () => expect((await logs())['01-leaves.log']).toMatch(/^\d+\n$/));
});
