import { randomBytes } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { boundHistory, foldHistories } from './fold.ts';
import { type History, parseHistory, printHistory } from './format.ts';

/** A history of ours is kept below the first; the second is what a file may hold to be read at all. */
const writtenBytes = 1024 * 1024;
const readBytes = 8 * 1024 * 1024;
const mostFiles = 200;

/** What could be read, and a sentence for each file that could not. */
export interface Stored {
  readonly history: History;
  /** Files that went into it, and that a newer one of ours may take the place of. */
  readonly paths: readonly string[];
  /** Files that must stay as they are. */
  readonly foreign: readonly string[];
  readonly problems: readonly string[];
}

/** Reads a history file, or all of a folder. What does not exist is an empty history. Never throws. */
export function readStored(path: string): Stored {
  const paths: string[] = [];
  const foreign: string[] = [];
  const problems: string[] = [];
  const histories: History[] = [];
  for (const file of listFiles(path, problems)) {
    const read = readOne(file);
    if (read === undefined) continue;
    if (read.history !== undefined) histories.push(read.history);
    if (read.because !== undefined) problems.push(`${file} ${read.because}`);
    (read.isOurs ? paths : foreign).push(file);
  }
  return { history: foldHistories(histories), paths, foreign, problems };
}

/**
 * Folds `news` into what is stored, and replaces it in one step. In a folder the new file takes the place of those
 * that `before` was read from: a process that reads meanwhile finds either. Throws what the file system throws.
 */
export function writeStored(path: string, before: Stored, news: History, name: string, now: number): void {
  if (isFile(path)) {
    // Another process may have written since.
    const stored = readStored(path);
    if (stored.foreign.length > 0) return;
    replace(path, foldHistories([before.history, stored.history, news]), now);
    return;
  }
  const own = join(path, `${name}.json`);
  replace(own, foldHistories([before.history, news]), now);
  for (const old of before.paths) if (old !== own) rmSync(old, { force: true });
}

function listFiles(path: string, problems: string[]): string[] {
  if (isFile(path)) return [path];
  try {
    const names = readdirSync(path).filter((name) => name.endsWith('.json'));
    if (names.length > mostFiles) problems.push(`${path} has ${names.length} files, ${mostFiles} are read`);
    return names.slice(0, mostFiles).map((name) => join(path, name));
  } catch (error) {
    if (!isMissing(error)) problems.push(`${path} cannot be read (${String(error)})`);
    return [];
  }
}

/** A path that ends in `.json` is a file; any other one is a folder unless it is a file already. */
function isFile(path: string): boolean {
  const stat = statSync(path, { throwIfNoEntry: false });
  return stat === undefined ? path.endsWith('.json') : !stat.isDirectory();
}

function readOne(file: string): { history?: History; because?: string; isOurs: boolean } | undefined {
  try {
    const { size } = statSync(file);
    if (size > readBytes) {
      return { because: `has ${mib(size)} MiB, at most ${mib(readBytes)} MiB are read`, isOurs: false };
    }
    const parsed = parseHistory(readFileSync(file, 'utf8'));
    return 'because' in parsed ? parsed : { history: parsed, isOurs: true };
  } catch (error) {
    return isMissing(error) ? undefined : { because: `cannot be read (${String(error)})`, isOurs: false };
  }
}

function replace(path: string, history: History, now: number): void {
  mkdirSync(dirname(path), { recursive: true });
  const draft = `${path}.${process.pid}.${randomBytes(3).toString('hex')}.tmp`;
  try {
    writeFileSync(draft, printHistory(boundHistory(history, now, writtenBytes)));
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  }
}

function mib(bytes: number): number {
  return Math.round(bytes / 1024 / 1024);
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
