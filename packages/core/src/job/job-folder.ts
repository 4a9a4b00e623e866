import { fs, os, path } from '../builtins.ts';
import type { Env } from '../env.ts';

const { existsSync, lstatSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } = fs;
const { basename, dirname, join } = path;

type Mode = 'on' | 'dry-run';

const dayMs = 24 * 60 * 60 * 1000;
/** Where nothing tells whether the job lives; longer than any job runs. */
const keptForMs = 14 * dayMs;
/** Holds the path of the job's own socket, which the agent removes when the job is over. */
const socketFile = 'job-api-socket';
const parentName = /^promise-failure-\d+$/;

/**
 * Path of the folder in which the processes of one job share what they know, or `undefined` outside a job.
 * `PROMISE_FAILURE_JOB_FOLDER` names it where a command of ours runs the runner.
 */
export function jobFolderPath(env: Env, mode: Mode, temp: string = os.tmpdir()): string | undefined {
  return env.PROMISE_FAILURE_JOB_FOLDER || ownJobFolderPath(env, mode, temp);
}

/**
 * The same, whatever command of ours runs the runner: for what the whole job shares. Runs that only try what they would
 * do share among themselves, for their failures may be none of the job.
 */
export function ownJobFolderPath(env: Env, mode: Mode, temp: string = os.tmpdir()): string | undefined {
  const job = env.BUILDKITE_JOB_ID;
  if (!job) return undefined;
  return join(
    temp,
    `promise-failure-${process.getuid?.() ?? 0}`,
    encodeURIComponent(job).replaceAll('.', '%2E') + (mode === 'dry-run' ? '.dry-run' : ''),
  );
}

/**
 * Makes the folder, for the user alone. Throws where it cannot be made or belongs to somebody else: the path is
 * predictable and may lie in a shared temporary folder.
 */
export function openJobFolder(path: string): void {
  const parent = dirname(path);
  for (const folder of parentName.test(basename(parent)) ? [parent, path] : [path]) {
    makeFolder(folder);
    const stat = lstatSync(folder);
    const foreign = process.getuid !== undefined && stat.uid !== process.getuid();
    if (!stat.isDirectory() || foreign) throw new Error(`${folder} is not a folder of this user`);
  }
}

/** Not recursive: under a path such as /proc/none that never ends (node:fs `mkdirSync`, Node 20.20). */
function makeFolder(folder: string): void {
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}

/** Notes in a job's folder how to tell that the job still lives. Throws what the file system throws. */
export function noteJob(folder: string, env: Env): void {
  const socket = env.BUILDKITE_AGENT_JOB_API_SOCKET;
  if (socket) writeFileSync(join(folder, socketFile), socket, { mode: 0o600 });
}

/**
 * Removes the folders of jobs that are over: last used a day ago, and the job's socket gone. Throws nothing; not needed
 * for anything to go on.
 */
export function removeOldJobFolders(path: string, now: number = Date.now()): void {
  const parent = dirname(path);
  if (!parentName.test(basename(parent))) return;
  try {
    for (const name of readdirSync(parent)) {
      const folder = join(parent, name);
      if (folder !== path && now - lastUse(folder) > (isJobOver(folder) ? dayMs : keptForMs)) {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  } catch {
    // Another process was quicker, or it is not ours to remove: the next job tries again.
  }
}

/** Of its files too: what is appended to one of them does not touch the folder. */
function lastUse(folder: string): number {
  const files = readdirSync(folder).map((name) => join(folder, name));
  return Math.max(...[folder, ...files].map((each) => statSync(each).mtimeMs));
}

function isJobOver(folder: string): boolean {
  try {
    return !existsSync(readFileSync(join(folder, socketFile), 'utf8'));
  } catch {
    return false;
  }
}
