import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, watch, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import type { AcceptedPromise, RecordedRequest } from '@promise-failure/simulator';
import { type Agent, openJob } from './job.ts';
import { probeModuleSource, probeSource } from './probe.ts';
import { e2eFolder, programOf, type RunnerName, runners } from './runners.ts';

/** A small project for one runner. Tests find `probe.cjs` and `probe.mjs` at its top (see probe.ts). */
export interface Project {
  /** Relative path to content. */
  readonly files: Readonly<Record<string, string>>;
  /** Object literal that is spread over the configuration; may use the constant `reporters`. */
  readonly config?: string;
  /** Arguments of the runner, after the ones that make it run once. */
  readonly args?: readonly string[];
  /** Arguments in place of the ones that make it run once (`['list']`). */
  readonly command?: readonly string[];
  /** Arguments of runs of the same runner that come first, and are not looked at. */
  readonly before?: readonly (readonly string[])[];
  /** Options of our reporter. */
  readonly options?: Readonly<Record<string, unknown>>;
  /** Variables beside the job's; an empty string is passed as such. */
  readonly env?: Readonly<Record<string, string>>;
  /** Sends a signal to the runner's process as soon as the trace holds this line. */
  readonly interrupt?: { readonly when: string; readonly signal: NodeJS.Signals };
}

/** How a project is run. */
export interface RunSetup {
  readonly runner: RunnerName;
  /** False leaves our reporter out of the configuration. @default true */
  readonly reporter?: boolean;
  /** Path of the Node.js to use. @default this process's own */
  readonly nodeBin?: string | undefined;
  /** Folder whose `node_modules` hold the runner and our reporter. @default this package */
  readonly runnerDir?: string | undefined;
  /** How long a test waits for the promise. @default 20000; 0 without our reporter */
  readonly waitMs?: number;
  /** False leaves every Buildkite variable out. @default true */
  readonly inJob?: boolean;
  /** Arguments of Node.js between it and the runner: a program that starts what follows. @default none */
  readonly through?: readonly string[];
  /** How the job's agent answers a promise. @default it accepts it */
  readonly agent?: Agent;
}

export interface RunResult {
  /** Exit code; killed by a signal: 128 + its number, as a shell shows it. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** What Buildkite took: at most one. */
  readonly promises: readonly AcceptedPromise[];
  /** Every call of the Job API and of the Agent API, in order. */
  readonly calls: readonly RecordedRequest[];
  /** Lines the tests wrote through the probe. */
  readonly trace: readonly string[];
  /** Epoch milliseconds. */
  readonly startedAt: number;
  readonly endedAt: number;
}

const signalNumbers: Readonly<Record<string, number>> = { SIGINT: 2, SIGKILL: 9, SIGTERM: 15 };
const hangMs = 100_000;

/** Writes the project into a folder of its own, runs the real runner on it inside a job, and removes it. */
export async function runProject(project: Project, setup: RunSetup): Promise<RunResult> {
  const base = setup.runnerDir ?? e2eFolder;
  const dir = join(base, '.tmp', randomBytes(6).toString('hex'));
  writeProject(dir, project, setup);
  const job = await openJob(() => writeFileSync(join(dir, 'promised'), ''), setup.agent);
  try {
    const env = setup.inJob === false ? { ...ownEnv(), CI: 'true' } : job.processEnv(ownEnv());
    const outcome = await execute(dir, project, setup, env);
    const calls = [...(job.jobApi?.requests ?? []), ...job.agentApi.requests];
    return { ...outcome, promises: [...job.promises], calls, trace: readTrace(dir) };
  } finally {
    await job.close();
    if (process.env.PROBE_KEEP === undefined) rmSync(dir, { recursive: true, force: true, maxRetries: 5 });
  }
}

function writeProject(dir: string, project: Project, setup: RunSetup): void {
  const { configFile, config, reporters } = runners[setup.runner];
  const ours = [`@promise-failure/${setup.runner}`, project.options ?? {}];
  const list = setup.reporter === false ? reporters : [...reporters, ours];
  const files = {
    'package.json': '{ "private": true }\n',
    'probe.cjs': probeSource,
    'probe.mjs': probeModuleSource,
    trace: '',
    [configFile]: `const reporters = ${JSON.stringify(list)};\n${config(project.config ?? '{}')}`,
    ...project.files,
  };
  for (const [path, content] of Object.entries(files)) {
    mkdirSync(dirname(join(dir, path)), { recursive: true });
    writeFileSync(join(dir, path), content);
  }
}

async function execute(
  dir: string,
  project: Project,
  setup: RunSetup,
  jobEnv: Readonly<Record<string, string>>,
): Promise<Omit<RunResult, 'promises' | 'calls' | 'trace'>> {
  const { args, ours = [] } = runners[setup.runner];
  const program = programOf(setup.runner, setup.runnerDir ?? e2eFolder);
  const waitMs = setup.waitMs ?? (setup.reporter === false ? 0 : 20_000);
  const env = { ...jobEnv, PROMISE_FAILURE: 'true', PROBE_BIN: program[0] ?? '', ...project.env };
  const reporter = setup.reporter === false ? [] : ours;
  const start = (list: readonly string[], waitMs: number) =>
    spawn(setup.nodeBin ?? process.execPath, [...(setup.through ?? []), ...program, ...reporter, ...list], {
      cwd: dir,
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe'],
      env: { ...env, PROBE_WAIT_MS: String(waitMs) },
    });
  for (const list of project.before ?? []) await finish(start(list, 0));
  const startedAt = Date.now();
  const child = start([...(project.command ?? args), ...(project.args ?? [])], waitMs);
  const stopWatching = signalWhenTraced(dir, project, child.pid);
  const outcome = await finish(child);
  stopWatching();
  return { ...outcome, startedAt };
}

function finish(
  child: ChildProcessByStdio<null, Readable, Readable>,
): Promise<Pick<RunResult, 'exitCode' | 'stdout' | 'stderr' | 'endedAt'>> {
  const hang = setTimeout(() => killGroup(child.pid), hangMs);
  return new Promise((resolve, reject) => {
    let [stdout, stderr, endedAt] = ['', '', 0];
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
      stdout += chunk;
    });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
      stderr += chunk;
    });
    child.once('error', reject);
    child.once('exit', () => {
      endedAt = Date.now();
      // Workers of a runner that was killed, or that crashed, may run on for ever.
      killGroup(child.pid);
    });
    child.once('close', (code, signal) => {
      clearTimeout(hang);
      resolve({ exitCode: code ?? 128 + (signalNumbers[signal ?? ''] ?? 0), stdout, stderr, endedAt });
    });
  });
}

/** Only what any program needs: no variable of this machine's own job, and none of the Vitest that runs us. */
function ownEnv(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'LANG'];
  const entries = kept.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  return { ...Object.fromEntries(entries), NO_COLOR: '1' };
}

function signalWhenTraced(dir: string, { interrupt }: Project, pid: number | undefined): () => void {
  if (interrupt === undefined || pid === undefined) return () => {};
  const watcher = watch(join(dir, 'trace'), () => {
    if (!readTrace(dir).includes(interrupt.when)) return;
    watcher.close();
    process.kill(pid, interrupt.signal);
  });
  return () => watcher.close();
}

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left in the group.
  }
}

function readTrace(dir: string): string[] {
  const path = join(dir, 'trace');
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}
