import { createHash } from 'node:crypto';
import { appendFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { dirname, join } from 'node:path';
import type { BuildFacts } from '../facts/facts.ts';

/** The period of a reading: as it was when the reading began, though it was given by days before now. */
export interface Period {
  readonly from: string;
  readonly to: string;
}

/** What a reading has brought up to now, on disk as well: a head, and a line for each page. */
export interface ReadingState {
  readonly period: Period;
  /** Those of an earlier reading that was cut off. */
  readonly builds: readonly BuildFacts[];
  /** Throws what the file system throws. */
  add(builds: readonly BuildFacts[]): void;
  /** The reading is complete. */
  remove(): void;
}

interface Head {
  readonly version: 1;
  readonly key: string;
  readonly period: Period;
}

const lastsMs = 24 * 60 * 60 * 1000;

/** Where a reading is kept that is known by `key`. */
export function defaultStateFile(key: string, env: NodeJS.ProcessEnv): string {
  const cache = env.XDG_CACHE_HOME || env.LOCALAPPDATA || join(homedir(), '.cache');
  const name = createHash('sha256').update(key).digest('hex').slice(0, 16);
  return join(cache, 'promise-failure', `measure-${name}.jsonl`);
}

/** Goes on with the reading of this key in the file, if it was cut off within a day, or begins one. */
export function openState(file: string, key: string, begin: () => Period, now: number): ReadingState {
  const known = readState(file, key, now);
  const period = known?.period ?? begin();
  if (known === undefined) {
    mkdirSync(dirname(file), { recursive: true });
    const head: Head = { version: 1, key, period };
    writeFileSync(file, `${JSON.stringify(head)}\n`, { mode: 0o600 });
  }
  return {
    ...{ period, builds: known?.builds ?? [] },
    add: (builds) => appendFileSync(file, `${JSON.stringify(builds)}\n`),
    remove: () => rmSync(file, { force: true }),
  };
}

function readState(file: string, key: string, now: number) {
  try {
    const text = readFileSync(file, 'utf8');
    // A line that was torn by the cut is read again from Buildkite.
    const [head, ...pages] = text.slice(0, text.lastIndexOf('\n')).split('\n');
    const { version, key: its, period } = JSON.parse(head ?? '') as Head;
    if (version !== 1 || its !== key || now - Date.parse(period.to) > lastsMs) return undefined;
    return { period, builds: pages.flatMap((page) => JSON.parse(page) as BuildFacts[]) };
  } catch {
    return undefined;
  }
}
