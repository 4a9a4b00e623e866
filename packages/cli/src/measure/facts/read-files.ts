import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import type { BuildFacts } from './facts.ts';
import { type EvidenceFacts, fromEvidence, joinBuilds } from './from-evidence.ts';

/** What a folder of evidence has told. */
export interface ReadFiles {
  readonly builds: readonly BuildFacts[];
  /** Evidence files. */
  readonly files: number;
  /** `.json` files that are none, or that cannot be read. */
  readonly passedOver: readonly string[];
  readonly dryRuns: number;
}

/** Reads files, and `.json` files in and below folders. Throws for a path that is not there. */
export function readFiles(paths: readonly string[]): ReadFiles {
  const found: EvidenceFacts[] = [];
  const passedOver: string[] = [];
  for (const file of paths.flatMap(list)) {
    const facts = readOne(file);
    if (facts === undefined) passedOver.push(file);
    else found.push(facts);
  }
  const dryRuns = found.filter(({ dryRun }) => dryRun).length;
  return { builds: joinBuilds(found), files: found.length, passedOver, dryRuns };
}

function list(path: string): string[] {
  if (!statSync(path).isDirectory()) return [path];
  const entries = readdirSync(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.json'))
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
}

function readOne(file: string): EvidenceFacts | undefined {
  try {
    return fromEvidence(JSON.parse(readFileSync(file, 'utf8')), basename(file, '.json'));
  } catch {
    return undefined;
  }
}
