import { join } from 'node:path';
import type { Env } from '../env.ts';
import type { Answer, Git } from './git.ts';

/** The files that differ from where the branch began, as absolute paths; or why that is not known. */
export type Change =
  | { readonly type: 'known'; readonly files: readonly string[]; readonly since: string }
  | { readonly type: 'unknown'; readonly because: string; readonly missingBase?: string };

/** What the change is measured against, and who said so. */
export interface Base {
  readonly branch: string;
  readonly from: 'option' | 'build';
}

/**
 * The base branch: the user's word, else the pull request's, else the pipeline's. A build of that branch itself is
 * compared with the commit before.
 */
export function chooseBase(option: string | undefined, env: Env): Base | undefined {
  if (option) return { branch: option, from: 'option' };
  const branch = env.BUILDKITE_PULL_REQUEST_BASE_BRANCH || env.BUILDKITE_PIPELINE_DEFAULT_BRANCH;
  return branch ? { branch, from: 'build' } : undefined;
}

/** Asks git. `root` is the top of the repository. Never rejects. */
export async function findChange(
  root: string | undefined,
  base: Base | undefined,
  env: Env,
  git: Git,
): Promise<Change> {
  if (root === undefined) return unknown('this is no git repository');
  const inJob = Boolean(env.BUILDKITE_JOB_ID);
  if (base === undefined) return unknown('no base branch is named');
  const isBaseItself = inJob && env.BUILDKITE_BRANCH === base.branch && !isPullRequest(env);
  // In a job the commit is what is tested; elsewhere the files as they lie there, new ones included.
  const files = inJob ? ['HEAD'] : [];
  const listed = inJob ? Promise.resolve({ out: '' }) : git(untracked, root);
  if (isBaseItself) return toChange(root, [await git([...diff, 'HEAD^', ...files, '--'], root)], 'HEAD^');
  for (const ref of refsOf(base.branch)) {
    const answer = await git([...diff, '--merge-base', ref, ...files, '--'], root);
    if ('out' in answer) return toChange(root, [answer, await listed], ref);
    if (!isMissingRef(answer.because)) return unknown(answer.because);
  }
  const because = `${base.branch} is no branch of this checkout`;
  return base.from === 'build' ? unknown(because) : { ...unknown(because), missingBase: base.branch };
}

// Both names of a file that was moved, and no quotes around what is not ASCII.
const diff = ['-c', 'core.quotePath=false', 'diff', '--name-only', '--no-renames', '-z'];
const untracked = ['ls-files', '--others', '--exclude-standard', '-z'];

function refsOf(branch: string): string[] {
  const remote = `refs/remotes/origin/${branch}`;
  return branch.startsWith('-') ? [remote] : [remote, branch];
}

function isMissingRef(because: string): boolean {
  return /unknown revision|bad revision|ambiguous argument|invalid object name|not a valid object/i.test(
    because,
  );
}

function isPullRequest(env: Env): boolean {
  return (env.BUILDKITE_PULL_REQUEST || 'false') !== 'false';
}

function toChange(root: string, answers: readonly Answer[], since: string): Change {
  const files: string[] = [];
  for (const answer of answers) {
    if ('because' in answer) return unknown(answer.because);
    for (const path of answer.out.split('\0')) if (path !== '') files.push(join(root, path));
  }
  return { type: 'known', files, since };
}

function unknown(because: string): { readonly type: 'unknown'; readonly because: string } {
  return { type: 'unknown', because };
}
