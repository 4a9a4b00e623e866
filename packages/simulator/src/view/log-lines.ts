import { readFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { stripVTControlCharacters } from 'node:util';

/** The lines of all logs in `folder` that hold `text`, from there on, under the name of each log. */
export async function logLines(folder: string, text: string): Promise<string> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.log')).sort();
  return names
    .map((name) => {
      const lines = stripVTControlCharacters(readFileSync(join(folder, name), 'utf8')).split(/\r?\n/);
      const found = lines.filter((line) => line.includes(text)).map((line) => line.slice(line.indexOf(text)));
      return found.length === 0 ? '' : `${name}:\n${found.map((line) => `  ${line}\n`).join('')}`;
    })
    .join('');
}
