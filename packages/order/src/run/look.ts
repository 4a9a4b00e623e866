import { type Change, chooseBase, findChange } from '../change/find-change.ts';
import { createGit } from '../change/git.ts';
import { findRepository } from '../change/repository.ts';
import type { Env } from '../env.ts';
import { readSettings } from '../settings.ts';

/** Milliseconds: nobody waits for tests here, and a first look at a large repository may take its time. */
const gitLimitMs = 8000;

/** What a run in this folder would learn of the change, by the variables alone. Never rejects. */
export async function lookForChange(rootDir: string, env: Env): Promise<Change> {
  const { base } = readSettings({}, env);
  return findChange(findRepository(rootDir), chooseBase(base, env), env, createGit(gitLimitMs));
}
