import { fs, util } from './builtins.ts';

/**
 * Files, for a thread that may be ended at any moment: a call to `node:fs/promises` in it aborts the whole process then
 * (node_file.cc, `req_wrap_async != nullptr`, Node 20.20), since no promise can be made any more.
 */
export const rename = util.promisify(fs.rename);
export const rm = util.promisify(fs.rm);
export const stat = util.promisify(fs.stat);
export const writeFile = util.promisify(fs.writeFile);

/** The text of a file in UTF-8. Rejects with what the file system says, or when `signal` is aborted. */
export function readText(path: string, signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) =>
    fs.readFile(path, { encoding: 'utf8', signal }, (error, text) => (error ? reject(error) : resolve(text))),
  );
}
