import type { Failure, FileHistory, History } from './format.ts';

/** Failures older than this tell nothing. */
const keptForMs = 30 * 24 * 60 * 60 * 1000;
const failuresPerFile = 10;

/**
 * What several histories know together. In any order, and with any of them twice, the outcome is the same: the
 * jobs of a build may each carry the whole past along.
 */
export function foldHistories(histories: Iterable<History>): History {
  const folded = new Map<string, FileHistory>();
  for (const history of histories) {
    for (const [path, file] of history) {
      const known = folded.get(path);
      folded.set(path, known === undefined ? normalize(file) : foldFile(known, file));
    }
  }
  return folded;
}

/** The history without what is too old, or too much for `maxBytes`: the oldest goes first. */
export function boundHistory(history: History, now: number, maxBytes: number): History {
  const recent = [...history]
    .map(([path, file]) => [path, forgetOld(file, now)] as const)
    .filter(([, file]) => now - file.at <= keptForMs || file.failures.length > 0)
    .sort(([, a], [, b]) => lastFailure(b) - lastFailure(a) || b.at - a.at);
  const kept = new Map<string, FileHistory>();
  let bytes = 64;
  for (const [path, file] of recent) {
    bytes += Buffer.byteLength(JSON.stringify([path, file])) + 16;
    if (bytes > maxBytes) break;
    kept.set(path, file);
  }
  return kept;
}

function forgetOld(file: FileHistory, now: number): FileHistory {
  return { ...file, failures: file.failures.filter(({ at }) => now - at <= keptForMs) };
}

function lastFailure({ failures }: FileHistory): number {
  return failures[0]?.at ?? 0;
}

function normalize(file: FileHistory): FileHistory {
  return foldFile(file, file);
}

function foldFile(a: FileHistory, b: FileHistory): FileHistory {
  // The order must not matter where two jobs of a build ended in the same millisecond.
  const latest = a.at !== b.at ? (a.at > b.at ? a : b) : (a.ms ?? 0) > (b.ms ?? 0) ? a : b;
  const byRun = new Map<string, Failure>();
  for (const failure of [...a.failures, ...b.failures]) {
    const known = byRun.get(failure.run);
    if (known === undefined || weighs(failure, known)) byRun.set(failure.run, failure);
  }
  const failures = [...byRun.values()].sort((x, y) => y.at - x.at || (x.run < y.run ? -1 : 1));
  return { ms: latest.ms, at: latest.at, failures: failures.slice(0, failuresPerFile) };
}

/** Of two failures in one run the hard one counts, else the later one. */
function weighs(a: Failure, b: Failure): boolean {
  if (a.flaky !== b.flaky) return b.flaky;
  if (a.at !== b.at) return a.at > b.at;
  return JSON.stringify(a) > JSON.stringify(b);
}
