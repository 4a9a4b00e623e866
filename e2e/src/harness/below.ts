import { copyFileSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Arguments of Node.js that start what follows below a process of this name, as the system shows it: a shell's own
 * binary under another name, which ends with the status of what it runs.
 */
export function below(name: string): readonly string[] {
  const folder = mkdtempSync(join(tmpdir(), 'pf-below-'));
  const program = join(folder, name);
  copyFileSync('/bin/sh', program);
  const starter = join(folder, 'start.cjs');
  writeFileSync(
    starter,
    `const { spawnSync } = require('node:child_process');
     const words = ['-c', '"$@"; exit $?', 'run', process.execPath, ...process.argv.slice(2)];
     process.exit(spawnSync(${JSON.stringify(program)}, words, { stdio: 'inherit' }).status);`,
  );
  return [starter];
}
