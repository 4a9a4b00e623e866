import { fs, path } from '../builtins.ts';

/**
 * Replaces a file as a whole: whoever reads it sees the old content or the new one. Makes the folders that are missing.
 * Throws what the file system throws, and leaves no draft behind.
 */
export function replaceFile(file: string, content: string, mode: number): void {
  const draft = `${file}.${process.pid}.draft`;
  try {
    writeDraft(draft, content, mode);
    fs.renameSync(draft, file);
  } catch (error) {
    fs.rmSync(draft, { force: true });
    throw error;
  }
}

function writeDraft(draft: string, content: string, mode: number): void {
  try {
    fs.writeFileSync(draft, content, { mode });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    makeFolders(path.dirname(draft));
    fs.writeFileSync(draft, content, { mode });
  }
}

/** One by one: node:fs `mkdirSync` with `recursive` never ends under a path such as /proc/none (Node 20.20). */
function makeFolders(folder: string): void {
  if (fs.existsSync(folder)) return;
  const parent = path.dirname(folder);
  if (parent !== folder) makeFolders(parent);
  try {
    fs.mkdirSync(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
}
