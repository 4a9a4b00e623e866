import { readFileSync } from 'node:fs';

/** A file's text without its comments; '' where it cannot be read. What looks like one inside of a text goes as well. */
export function readWithoutComments(file: string): string {
  try {
    return readFileSync(file, 'utf8')
      .replace(/\/\*[\s\S]*?\*\//g, '')
      .replace(/^\s*\/\/.*$/gm, '')
      .replace(/(?<=[\s,;{[(])\/\/.*$/gm, '');
  } catch {
    return '';
  }
}
