import { basename, dirname } from 'node:path/posix';

const testSuffix = /(?:[._-](?:test|tests|spec|e2e|it|cy))*(?:\.[cm]?[jt]sx?)?$/i;

/**
 * How much a test file's name speaks of a changed file: 1 for the same name, less where only words of the path are
 * shared, 0 for nothing. Both are paths with forward slashes.
 */
export function nameAffinity(test: string, changed: Iterable<string>): number {
  const stem = stemOf(test);
  const words = new Set(wordsOf(stem));
  let most = 0;
  for (const file of changed) {
    if (stemOf(file) === stem) return 1;
    const theirs = new Set(wordsOf(`${dirname(file)}/${stemOf(file)}`));
    const shared = [...words].filter((word) => theirs.has(word)).length;
    if (words.size > 0) most = Math.max(most, (shared / words.size) * 0.9);
  }
  return most;
}

/** The name without what marks a test; that of the folder where the name is `index`. */
function stemOf(path: string): string {
  const stem = basename(path).replace(testSuffix, '').toLowerCase();
  return stem === 'index' || stem === '' ? basename(dirname(path)).toLowerCase() : stem;
}

function wordsOf(text: string): string[] {
  return text
    .replace(/([a-z\d])([A-Z])/g, '$1 $2')
    .toLowerCase()
    .split(/[^a-z\d]+/)
    .filter((word) => word.length > 2 && !common.has(word));
}

const common = new Set(['src', 'lib', 'test', 'tests', 'spec', 'index', 'packages', 'app']);
