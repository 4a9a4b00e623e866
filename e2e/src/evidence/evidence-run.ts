import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { RecordedRequest } from '@promise-failure/simulator';
import { type Agent, openJob } from '../harness/job.ts';
import { e2eFolder, programOf, type RunnerName, runners } from '../harness/runners.ts';

/** Folder of the runner's package: the matrix names another version by `PF_RUNNER_DIR`. */
const base = process.env.PF_RUNNER_DIR ?? e2eFolder;

/** A project that stays where it is, to be run once in a job and again by the commands that it was given. */
export interface KeptProject {
  readonly folder: string;
  remove(): void;
}

/** What a test wrote by `note(name)` of `note.cjs`, one name for each execution; and an `expect` for a runner without one. */
const noteSource = `const assert = require('node:assert');
const { appendFileSync } = require('node:fs');
const { join } = require('node:path');
exports.note = (name) => appendFileSync(join(__dirname, 'ran'), JSON.stringify(name) + '\\n');
exports.expect = (value) => ({ toBe: (expected) => assert.equal(value, expected) });
`;

/** Writes a project with the runner's commands in its `node_modules/.bin`, where `npx` looks for them. */
export function keepProject(
  runner: RunnerName,
  files: Readonly<Record<string, string>>,
  { config = '{}', options = {} }: { config?: string; options?: object } = {},
): KeptProject {
  mkdirSync(join(base, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(base, '.tmp/evidence-'));
  const { configFile, reporters, config: configure } = runners[runner];
  const list = [...reporters, [`@promise-failure/${runner}`, options]];
  const all = {
    'package.json': '{ "private": true }\n',
    'note.cjs': noteSource,
    ran: '',
    [configFile]: `const reporters = ${JSON.stringify(list)};\n${configure(config)}`,
    ...files,
  };
  for (const [path, content] of Object.entries(all)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(base, 'node_modules/.bin'), join(folder, 'node_modules/.bin'));
  return { folder, remove: () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }) };
}

export interface JobRun {
  readonly exitCode: number | null;
  readonly stderr: string;
  readonly ms: number;
  readonly promises: readonly { readonly exitStatus: number; readonly at: number }[];
  /** Bodies of the annotations that Buildkite was sent, in order, and when. */
  readonly annotations: readonly SentAnnotation[];
  readonly calls: readonly RecordedRequest[];
  readonly jobId: string;
}

interface SentAnnotation {
  readonly at: number;
  readonly context: string;
  readonly style: string;
  readonly body: string;
}

export interface JobSetup {
  readonly env?: Readonly<Record<string, string>>;
  readonly agent?: Agent;
  readonly inJob?: boolean;
  /** Commands for a shell, run at the same time. @default the runner itself */
  readonly commands?: readonly string[];
}

/** Runs a project in a job of the simulator, with the annotation and the file asked for. */
export async function runInJob(
  runner: RunnerName,
  { folder }: KeptProject,
  setup: JobSetup = {},
): Promise<JobRun> {
  const job = await openJob(() => {}, setup.agent);
  const { args, ours = [] } = runners[runner];
  const { commands = [[process.execPath, ...programOf(runner, base), ...ours, ...args].join(' ')] } = setup;
  const own = { PATH: process.env.PATH, HOME: process.env.HOME, TMPDIR: join(folder, 'tmp'), NO_COLOR: '1' };
  mkdirSync(own.TMPDIR, { recursive: true });
  const env = {
    ...(setup.inJob === false ? own : job.processEnv(own)),
    PROMISE_FAILURE: 'true',
    PROMISE_FAILURE_ANNOTATE: 'true',
    PROMISE_FAILURE_EVIDENCE: 'evidence.json',
    ...setup.env,
  };
  try {
    const startedAt = Date.now();
    const ends = await Promise.all(commands.map((command) => runShell(command, folder, env)));
    const ms = Date.now() - startedAt;
    const calls = [...(job.jobApi?.requests ?? []), ...job.agentApi.requests];
    return {
      exitCode: ends[0]?.code ?? null,
      stderr: ends.map(({ stderr }) => stderr).join(''),
      ms,
      promises: [...job.promises],
      annotations: annotationsIn(calls),
      calls,
      jobId: job.job.id,
    };
  } finally {
    await job.close();
  }
}

function annotationsIn(calls: readonly RecordedRequest[]): SentAnnotation[] {
  return calls
    .filter(({ path }) => path.endsWith('/annotations'))
    .map(({ at, body }) => ({ at, ...(JSON.parse(body) as Omit<SentAnnotation, 'at'>) }));
}

/** Runs a command in a POSIX shell, as somebody would who has pasted it. */
export function runShell(
  command: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>>,
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn('/bin/sh', ['-c', command], { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text;
  });
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text;
  });
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, stdout, stderr }));
  });
}

/** Names of the tests that ran since the last call. */
export function takeRan({ folder }: KeptProject): string[] {
  const file = join(folder, 'ran');
  const names = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  writeFileSync(file, '');
  return names.map((line) => JSON.parse(line) as string).sort();
}

export function readJson(file: string): never {
  return JSON.parse(readFileSync(file, 'utf8')) as never;
}
