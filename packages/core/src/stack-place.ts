import { pathToFileURL } from 'node:url';

/** A place in a file; both numbers from 1. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

const frames = /\n\s+at /;

/**
 * The innermost place of a stack that lies in `file`, an absolute path: where a test failed, or called what failed.
 * Looks below the message only, which may speak of any file.
 */
export function placeInStack(stack: string, file: string): Place | undefined {
  const start = stack.search(frames);
  if (start === -1) return undefined;
  for (const name of [file, pathToFileURL(file).href]) {
    for (let at = stack.indexOf(`${name}:`, start); at !== -1; at = stack.indexOf(`${name}:`, at + 1)) {
      const [, line, column] =
        /^:(\d+):(\d+)/.exec(stack.slice(at + name.length, at + name.length + 32)) ?? [];
      if (line !== undefined && column !== undefined) return { line: Number(line), column: Number(column) };
    }
  }
  return undefined;
}

/** The text before the first frame of a stack, without the name that every error has. */
export function messageInStack(stack: string): string {
  const end = stack.search(frames);
  return (end === -1 ? stack : stack.slice(0, end)).replace(/^Error: /, '');
}
