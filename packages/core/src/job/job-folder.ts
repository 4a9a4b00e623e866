import { fs, os, path } from '../builtins.ts';
import type { Env } from '../env.ts';

const { lstatSync, mkdirSync, readdirSync, rmSync, statSync } = fs;
const { basename, dirname, join } = path;

const keptForMs = 24 * 60 * 60 * 1000;
const parentName = /^promise-failure-\d+$/;

/**
 * Path of the folder in which the processes of one job share what they know, or `undefined` outside a job.
 * `PROMISE_FAILURE_JOB_FOLDER` names it where a command of ours runs the runner.
 */
export function jobFolderPath(env: Env, temp: string = os.tmpdir()): string | undefined {
  if (env.PROMISE_FAILURE_JOB_FOLDER) return env.PROMISE_FAILURE_JOB_FOLDER;
  const job = env.BUILDKITE_JOB_ID;
  if (!job) return undefined;
  return join(
    temp,
    `promise-failure-${process.getuid?.() ?? 0}`,
    encodeURIComponent(job).replaceAll('.', '%2E'),
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

/** Removes the folders of jobs that were last used a day ago. Throws nothing; not needed for anything to go on. */
export function removeOldJobFolders(path: string, now: number = Date.now()): void {
  const parent = dirname(path);
  if (!parentName.test(basename(parent))) return;
  try {
    for (const name of readdirSync(parent)) {
      const folder = join(parent, name);
      if (folder !== path && now - statSync(folder).mtimeMs > keptForMs) {
        rmSync(folder, { recursive: true, force: true });
      }
    }
  } catch {
    // Another process was quicker, or it is not ours to remove: the next job tries again.
  }
}
