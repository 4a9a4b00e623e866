import { basename, dirname, join } from 'node:path';

/** The changed files, and for each changed snapshot the test file that owns it. */
export function withSnapshotOwners(files: readonly string[]): string[] {
  return files.flatMap((file) => {
    const folder = dirname(file);
    if (basename(folder) === '__snapshots__' && file.endsWith('.snap')) {
      return [file, join(dirname(folder), basename(file, '.snap'))];
    }
    return folder.endsWith('-snapshots') ? [file, folder.slice(0, -'-snapshots'.length)] : [file];
  });
}
