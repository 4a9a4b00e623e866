import { resolve } from 'node:path';
import { readText } from '../files.ts';
import type { Log } from '../log.ts';
import { type PlacedEntry, parseMutedFile } from './file-format.ts';
import type { MutedEntry, MutedSource } from './source.ts';

export interface FileSourceSeams {
  readonly cwd: string;
  readonly now: () => number;
  readonly log: Log;
}

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Muted tests from a `.json` or `.yaml` file of the repository. An entry counts through the end of its `until`
 * day (UTC); entries past it are named in a warning and count again.
 */
export function createFileSource(path: string, { cwd, now, log }: FileSourceSeams): MutedSource {
  return {
    name: path,
    async load(signal) {
      const text = await readText(resolve(cwd, path), signal);
      const entries = await parseMutedFile(text, path);
      return entries.flatMap((entry) => {
        if (!hasExpired(entry, now())) return [toMutedEntry(entry)];
        log.warn(`${entry.origin}: muted until ${entry.until}, which has passed: its failures count again`);
        return [];
      });
    },
  };
}

function hasExpired({ until }: PlacedEntry, now: number): boolean {
  return until !== undefined && now >= Date.parse(`${until}T00:00:00Z`) + dayMs;
}

function toMutedEntry({ until: _, ...entry }: PlacedEntry): MutedEntry {
  return entry;
}
