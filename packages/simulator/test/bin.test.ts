import { execFile, spawn, spawnSync } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startSimulator } from '../src/agent/simulator.ts';

const simulator = fileURLToPath(new URL('../bin/promise-failure-simulator.js', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'pf-bin-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

interface Ended {
  readonly code: number | string | null | undefined;
  readonly stdout: string;
  readonly stderr: string;
}

function run(file: string, argv: string[], env: NodeJS.ProcessEnv = process.env): Promise<Ended> {
  return new Promise((resolve) => {
    execFile(file, argv, { cwd: folder, env }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : error.code, stdout, stderr });
    });
  });
}

async function runPipeline(yaml: string, ...flags: string[]): Promise<Ended> {
  await writeFile(join(folder, 'p.yml'), yaml);
  return run(process.execPath, [simulator, 'run', 'p.yml', '--logs', 'logs', ...flags]);
}

const promising = `steps:
  - label: Tests
    command: buildkite-agent job promise-failure 3 --reason "test_failure (1 failed)"; sleep 1; exit 3
  - label: Visual diff
    command: sleep 60
    cancel_on_build_failing: true
`;

test('runs a pipeline whose job promises by the agent command', async () => {
  const { code, stdout } = await runPipeline(promising, '--json', 'build.json', '--expect', 'failed');
  expect(stdout).toMatch(/Tests: PROMISED exit 3, test_failure \(1 failed\)/);
  expect(code).toBe(0);
  const build = JSON.parse(await readFile(join(folder, 'build.json'), 'utf8'));
  expect(build).toMatchObject({ state: 'failed', jobs: [{ promisedExitStatus: 3 }, { state: 'canceled' }] });
  expect(await readFile(join(folder, 'logs', '01-tests.log'), 'utf8')).toContain(
    'Declared promised exit status 3',
  );
});

test.each([
  ['exit 0', [], 0],
  ['exit 1', [], 1],
  ['exit 0', ['--expect', 'failed'], 1],
  ['exit 1', ['--expect', 'failed'], 0],
])('a build of "%s" with %j ends the command with %i', async (command, flags, expected) => {
  expect((await runPipeline(`steps: [{ command: ${command} }]`, ...flags)).code).toBe(expected);
});

test('a file that cannot be run is refused with file and line, and nothing runs', async () => {
  const { code, stdout, stderr } = await runPipeline('steps:\n  - comand: touch ran\n');
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
  expect(stderr).toMatch(/^p\.yml:2: /);
  const missing = await run(process.execPath, [simulator, 'run', 'nowhere.yml']);
  expect(missing).toMatchObject({ code: 2, stderr: expect.stringContaining('nowhere.yml') });
});

test('a block step that nobody can unblock ends the command, and it says so', async () => {
  const { code, stdout, stderr } = await runPipeline('steps: [{ command: "true" }, { block: "Go on?" }]');
  expect(code).toBe(1);
  expect(stdout).toContain('Build #1 is blocked, passed so far.');
  expect(stderr).toMatch(/^Build #1 waits at the block step "Go on\?".*--port.*\n$/);
});

test('output of jobs is shown on demand, prefixed and line by line', async () => {
  const { stdout } = await runPipeline(
    'steps: [{ label: Talk, command: "echo one; echo two >&2" }]',
    '--output',
  );
  expect(stdout).toContain('[Talk] one\n');
  expect(stdout).toContain('[Talk] two\n');
});

test('the agent command on PATH is found by name', async () => {
  const simulated = await startSimulator();
  try {
    const job = await simulated.createJob();
    const { code } = await run('buildkite-agent', ['job', 'promise-failure', '1'], job.processEnv());
    expect(code).toBe(0);
    expect(job.promises).toMatchObject([{ exitStatus: 1, reason: null }]);
  } finally {
    await simulated.close();
  }
});

test('a signal cancels the build, a second one ends the command and its jobs at once', async () => {
  await writeFile(
    join(folder, 'p.yml'),
    `steps: [{ command: "trap '' TERM; echo $$$$ > pid; sleep 50; sleep 50" }]`,
  );
  const child = spawn(process.execPath, [simulator, 'run', 'p.yml', '--logs', 'logs'], { cwd: folder });
  let shown = '';
  child.stdout.on('data', (chunk) => {
    shown += chunk;
  });
  const ended = new Promise((resolve) => child.on('exit', resolve));
  const pid = await vi.waitFor(async () => {
    const text = await readFile(join(folder, 'pid'), 'utf8');
    expect(text).toMatch(/^\d+\n$/);
    return Number(text);
  }, 20_000);
  child.kill('SIGINT');
  await vi.waitFor(() => expect(shown).toContain('build #1 is canceling'), 20_000);
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  await vi.waitFor(() => expect(stateOf(pid)).toMatch(/^$|Z/), 10_000);
});

test('a child that ignores SIGTERM and outlives its shell does not outlive the command, nor hold it', async () => {
  const begin = performance.now();
  const { code } = await runPipeline(
    `steps:
  - command: while ! test -e pid; do sleep 0.1; done; exit 1
  - command: sh -c 'trap "" TERM; echo $$$$ > pid; sleep 50; sleep 50'; true
    cancel_on_build_failing: true
`,
    '--grace',
    '50',
  );
  expect(code).toBe(1);
  expect(performance.now() - begin).toBeLessThan(40_000);
  const pid = Number(await readFile(join(folder, 'pid'), 'utf8'));
  expect(pid).toBeGreaterThan(0);
  // A killed process that nobody has reaped yet still has its number.
  await vi.waitFor(() => expect(stateOf(pid)).toMatch(/^$|Z/), { timeout: 10_000 });
});

function stateOf(pid: number): string {
  return spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim();
}
