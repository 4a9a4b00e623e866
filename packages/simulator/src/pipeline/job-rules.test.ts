// biome-ignore-all lint/suspicious/noTemplateCurlyInString: these are Buildkite's own expressions
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Simulator, startSimulator } from '../agent/simulator.ts';
import { parsePipeline } from './parse.ts';
import { uploadText } from './read.ts';
import { type RunOptions, runPipeline } from './run.ts';

let simulator: Simulator;
let folder: string;
beforeEach(async () => {
  simulator = await startSimulator({ upstreamWaitsMs: [] });
  folder = await mkdtemp(join(tmpdir(), 'pf-rules-'));
});
afterEach(async () => {
  await simulator.close();
  await rm(folder, { recursive: true, force: true });
});

function start(steps: unknown[], options: Partial<RunOptions> = {}) {
  const pipeline = parsePipeline(JSON.stringify({ steps }), 'p.json');
  return runPipeline({
    pipeline,
    simulator,
    cwd: folder,
    logFolder: folder,
    machineEnv: process.env,
    graceMs: 200,
    ...options,
  });
}

const log = (name: string) => readFile(join(folder, name), 'utf8');

test.each([
  ['a list of commands ends at the first that fails', ['false', 'echo second'], 1],
  ['so does a line with a semicolon', 'false; echo second', 1],
  ['a pipe is judged by its end', 'false | true', 0],
])('%s', async (_name, command, exitStatus) => {
  const build = await start([{ command }]).ended;
  expect(build.jobs[0]).toMatchObject({ exitStatus });
});

test('a job has a terminal of 160 by 100, a session of its own, and its exit status', async () => {
  const command = 'test -t 0 && test -t 1; stty size; echo $TERM ${BUILDKITE_PTY:-unset}; exit 7';
  const build = await start([{ label: 'Tty', command }], { pty: true }).ended;
  expect(build.jobs[0]).toMatchObject({ exitStatus: 7 });
  expect(await log('01-tty.log')).toBe('100 160\r\nxterm-256color unset\r\n');
});

test('without a terminal a job has pipes, no input, and is told so', async () => {
  const command = 'test -t 1 || echo $TERM $BUILDKITE_PTY; cat';
  await start([{ label: 'Pipes', command }]).ended;
  await vi.waitFor(async () => expect(await log('01-pipes.log')).toBe('dumb false\n'));
});

test('a job on a terminal is killed with its children when it is cancelled', async () => {
  const run = start([{ command: "trap '' TERM; echo ready; sleep 60; sleep 60" }], {
    pty: true,
    onOutput: () => simulator.model.cancelBuild(run.build),
  });
  expect((await run.ended).jobs[0]).toMatchObject({ state: 'canceled', signal: 'SIGKILL' });
});

test('a job whose time is up is timed out, and fails its build', async () => {
  const build = await start([{ command: 'sleep 60', timeout_in_minutes: 1 }], { minuteMs: 200 }).ended;
  expect(build).toMatchObject({ state: 'failed', jobs: [{ state: 'timed_out', signal: 'SIGTERM' }] });
});

test('a step for another branch is broken, a skipped one skipped, and neither holds what follows', async () => {
  const build = await start([
    { command: 'false', branches: 'release/* !main' },
    { command: 'false', skip: 'not today' },
    'wait',
    { command: 'true' },
  ]).ended;
  expect(build.state).toBe('passed');
  expect(build.jobs.map(({ state }) => state)).toEqual(['broken', 'skipped', 'finished']);
});

test('a build waits at a block step until somebody lets it through', async () => {
  const { build, ended } = start([{ command: 'true' }, { block: 'Go on?' }, { command: 'true' }]);
  await vi.waitFor(() => expect(build).toMatchObject({ blocked: true, state: 'passed', finishedAt: null }));
  const [, block] = build.jobs;
  if (block !== undefined) simulator.model.unblockJob(block);
  expect(await ended).toMatchObject({ state: 'passed', blocked: false });
  expect(build.jobs[2]).toMatchObject({ state: 'finished', passed: true });
});

test('a build recovers from failing when its failed job passes at the second try', async () => {
  const { build, ended } = start([
    { label: 'Once', command: 'test -e second || { touch second; exit 1; }' },
    { label: 'Slow', command: 'while ! test -e go; do sleep 0.05; done' },
  ]);
  await vi.waitFor(() => expect(build.state).toBe('failing'));
  const [once] = build.jobs;
  if (once !== undefined) simulator.model.retry(once);
  await vi.waitFor(() => expect(build.state).toBe('running'));
  const other = start([{ command: 'touch go' }]);
  await other.ended;
  expect(await ended).toMatchObject({ state: 'passed', failingAt: expect.any(Number) });
});

test('what a pipeline names at its upload is put in, and what was empty is told', () => {
  const text =
    'env: { GREETING: "hello $BUILDKITE_BRANCH" }\nsteps: [{ command: "echo $GREETING $$HOME $BUILDKITE_JOB_ID" }]';
  const read = uploadText(text, 'p.yml', { BUILDKITE_BRANCH: 'main' });
  expect(read).toMatchObject({
    pipeline: { env: { GREETING: 'hello main' }, steps: [{ command: 'echo hello main $HOME ' }] },
    note: expect.stringContaining('p.yml: $BUILDKITE_JOB_ID is empty'),
  });
});
