import { realpathSync } from 'node:fs';
import { relative, resolve, sep } from 'node:path';
import { createLog, type Log } from '@promise-failure/core/log';
import { chooseBase, findChange } from '../change/find-change.ts';
import { createGit, type Git } from '../change/git.ts';
import { findRepository } from '../change/repository.ts';
import { withSnapshotOwners } from '../change/snapshots.ts';
import type { Env } from '../env.ts';
import type { Graph } from '../graph/measure-graph.ts';
import { readStored, type Stored, writeStored } from '../history/store.ts';
import { readSettings } from '../settings.ts';
import { createKnowledge, type Knowledge } from './knowledge.ts';
import { type FileResult, toNews } from './news.ts';

/** Where a run takes place, and what is asked of it. */
export interface RedFirstSetup {
  /** The runner's root folder. */
  readonly rootDir: string;
  /** The reporter's options, of which only ours are looked at. */
  readonly options?: Readonly<Record<string, unknown>> | undefined;
  readonly env?: Env;
  /** What tests replace. */
  readonly seams?: {
    readonly git?: Git;
    readonly now?: () => number;
    readonly write?: (text: string) => void;
  };
}

/** The order of one run and the memory of what came of it. */
export interface RedFirst {
  readonly log: Log;
  /** Asks git and the history once, and follows imports within the budget. Never rejects; tells in one line. */
  learn(files: readonly string[], graph?: Graph): Promise<Knowledge>;
  /** Adds what the run showed to the history, if one is named. Files that did not run are left out. Never throws. */
  record(results: Iterable<FileResult>): void;
}

const gitLimitMs = 2000;

/** Opens red first, or returns `undefined` where nobody asked for it or the word was wrong. Never throws. */
export function openRedFirst(setup: RedFirstSetup): RedFirst | undefined {
  const env = setup.env ?? process.env;
  const settings = readSettings(setup.options ?? {}, env);
  const { write, now = Date.now } = setup.seams ?? {};
  const log = createLog(settings.debug, write === undefined ? {} : { write });
  for (const problem of settings.problems) log.warn(problem);
  if (!settings.isOn) return undefined;

  const rootDir = realPath(setup.rootDir);
  const repository = findRepository(rootDir);
  const root = repository ?? rootDir;
  const keyOf = (path: string) => relative(root, path).split(sep).join('/');
  const historyPath = settings.history === undefined ? undefined : resolve(settings.history);
  let stored: Stored | undefined;
  const readHistory = () => {
    if (historyPath === undefined) return undefined;
    if (stored === undefined) {
      stored = readStored(historyPath);
      for (const problem of stored.problems) log.warn(`the history ${problem}: it is left out`);
    }
    return stored;
  };
  const askGit = async () => {
    const base = chooseBase(settings.base, env);
    const change = await findChange(repository, base, env, setup.seams?.git ?? createGit(gitLimitMs));
    if (change.type === 'known') return withSnapshotOwners(change.files);
    if (change.missingBase === undefined) log.debug(`the change is not known: ${change.because}`);
    else
      log.warn(
        `base is "${change.missingBase}", which is no branch of this checkout: the change is not known`,
      );
    return [];
  };

  return {
    log,
    async learn(files, graph) {
      const history = readHistory()?.history ?? new Map();
      const changed = await askGit();
      return createKnowledge({
        files,
        changed,
        history,
        graph,
        keyOf,
        log,
        branch: branchOf(env),
        now: now(),
      });
    },
    record(results) {
      try {
        const before = readHistory();
        if (historyPath === undefined || before === undefined) return;
        const news = toNews(results, { run: runOf(env, now()), branch: branchOf(env), at: now(), keyOf });
        if (news.size > 0) writeStored(historyPath, before, news, nameOf(env, now()), now());
      } catch (error) {
        log.warn(
          `the history ${historyPath} cannot be written: ${error instanceof Error ? error.message : error}`,
        );
      }
    },
  };
}

function branchOf(env: Env): string {
  return env.BUILDKITE_BRANCH ?? '';
}

function runOf(env: Env, now: number): string {
  return env.BUILDKITE_BUILD_ID || `local-${now.toString(36)}`;
}

/** A file of its own for each process of each job: they run side by side. */
function nameOf(env: Env, now: number): string {
  const job = (env.BUILDKITE_JOB_ID || 'local').replace(/[^\w-]/g, '');
  return `${job}-${process.pid}-${now.toString(36)}`;
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
