import type { Circus } from '@jest/types';
import { expectState } from './expect-state.ts';

// Taken before any test can replace them: sandboxes share Node's modules, and an import looks its names up there.
const { createHash } = process.getBuiltinModule('node:crypto');
const { closeSync, openSync, writeSync } = process.getBuiltinModule('node:fs');

/** Appends the final attempt of a test to the file that the reporter reads. */
export function tellFinal(sandbox: object, test: Circus.TestEntry, path: string): void {
  const attempt = JSON.stringify([expectState(sandbox).testPath, test.invocations, ...titlesOf(test)]);
  const file = openSync(path, 'a', 0o600);
  // Hashed: titles may hold secrets, and a run that is killed leaves the file behind.
  writeSync(file, `${createHash('sha256').update(attempt).digest('hex')}\n`);
  closeSync(file);
}

function titlesOf(test: Circus.TestEntry): string[] {
  const titles = [test.name];
  // The outermost block has no title of its own.
  for (let block = test.parent; block.parent; block = block.parent) titles.unshift(block.name);
  return titles.map(String);
}
