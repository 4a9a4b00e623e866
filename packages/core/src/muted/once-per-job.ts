import { createHash } from 'node:crypto';

import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { readText, rename, rm, stat, writeFile } from '../files.ts';
import type { MutedEntry } from './source.ts';

/** What one process of the job found out, for the others. */
type Outcome =
  | { readonly entries: readonly MutedEntry[] }
  | { readonly error: string; readonly failedAt: number };

export interface OncePerJobOptions {
  readonly folder: string;
  /** What is fetched: equal keys share one outcome. */
  readonly key: string;
  readonly signal: AbortSignal;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** After this long without an outcome, a claim is taken for dead. Longer than any fetch takes. */
  readonly claimLastsMs: number;
}

/** After this long a failed fetch may be tried again by another process. */
const failureLastsMs = 60_000;
const pollMs = 50;
const mostTurns = 100;

/**
 * Fetches at most once in a job: one process claims the turn and fetches, the others wait for what it writes.
 * There is no lock to clean up: where a claim's owner died, failed, or could not write, whoever creates the next
 * numbered claim takes over. Where nothing can be written each process fetches for itself. Rejects with the same message in every process.
 */
export async function oncePerJob(
  fetch: () => Promise<readonly MutedEntry[]>,
  options: OncePerJobOptions,
): Promise<readonly MutedEntry[]> {
  const stem = join(
    options.folder,
    `muted-${createHash('sha256').update(options.key).digest('hex').slice(0, 16)}`,
  );
  for (let turn = 0; turn < mostTurns; turn++) {
    const claim = `${stem}-${turn}.claim`;
    const answer = `${stem}-${turn}.json`;
    const claimed = await createClaim(claim);
    if (claimed === 'impossible') return fetch();
    if (claimed) return fetchForAll(fetch, claim, answer, options);
    const outcome = await waitForOutcome(claim, answer, options);
    if (outcome === undefined) continue;
    if ('entries' in outcome) return outcome.entries;
    if (options.now() - outcome.failedAt < failureLastsMs) throw new Error(outcome.error);
  }
  throw new Error('every attempt of this job to fetch the list has failed');
}

/** True for the one process whose turn it is; `impossible` where nothing can be written (a full or read-only disk). */
async function createClaim(path: string): Promise<boolean | 'impossible'> {
  try {
    await writeFile(path, String(process.pid), { flag: 'wx', mode: 0o600 });
    return true;
  } catch (error) {
    if (hasCode(error, 'EEXIST')) return false;
    // A full disk creates the file and cannot fill it: left there, it would keep the others waiting.
    if (hasCode(error, 'ENOSPC')) await discard(path);
    return 'impossible';
  }
}

async function fetchForAll(
  fetch: () => Promise<readonly MutedEntry[]>,
  claim: string,
  answer: string,
  { now, signal }: OncePerJobOptions,
): Promise<readonly MutedEntry[]> {
  const tell = (outcome: Outcome) =>
    // What was fetched is never thrown away because it cannot be shared: the others take the next turn.
    writeOutcome(answer, outcome).catch(() => discard(claim));
  try {
    const entries = await fetch();
    await tell({ entries });
    return entries;
  } catch (error) {
    // Given up because this process ends: the next one to ask goes on at once.
    const gaveUp = signal.aborted && signal.reason?.name !== 'TimeoutError';
    await tell({ error: (error as Error).message, failedAt: gaveUp ? 0 : now() });
    throw error;
  }
}

/** Whole or not at all, because the others read it while it is written. */
async function writeOutcome(path: string, outcome: Outcome): Promise<void> {
  const draft = `${path}.${process.pid}`;
  try {
    await writeFile(draft, JSON.stringify(outcome), { mode: 0o600 });
    await rename(draft, path);
  } catch (error) {
    await discard(draft);
    throw error;
  }
}

async function discard(path: string): Promise<void> {
  await rm(path, { force: true }).catch(() => {});
}

/** The outcome of somebody else's turn; `undefined` if there will be none. */
async function waitForOutcome(
  claim: string,
  answer: string,
  { signal, now, claimLastsMs }: OncePerJobOptions,
): Promise<Outcome | undefined> {
  for (;;) {
    // Judged before the outcome is looked for: an owner may write its outcome and end in between.
    const dead = await isDead(claim, now() - claimLastsMs);
    const outcome = await readOutcome(answer);
    if (outcome !== undefined || dead) return outcome;
    await sleep(pollMs, undefined, { signal });
  }
}

async function readOutcome(path: string): Promise<Outcome | undefined> {
  try {
    return JSON.parse(await readText(path)) as Outcome;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return undefined;
    throw error;
  }
}

async function isDead(claim: string, madeBefore: number): Promise<boolean> {
  try {
    if ((await stat(claim)).mtimeMs < madeBefore) return true;
    const owner = Number(await readText(claim));
    // Created and not yet written: as good as alive until its time is over.
    if (owner !== 0) process.kill(owner, 0);
    return false;
  } catch (error) {
    return hasCode(error, 'ESRCH') || hasCode(error, 'ENOENT');
  }
}

function hasCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
