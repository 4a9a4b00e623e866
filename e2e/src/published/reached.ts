import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';

/** The files, relative to the folder, that scripts lead to by the relative names in them, missing ones included. */
export function reachedFrom(folder: string, starts: readonly string[]): ReadonlySet<string> {
  const reached = new Set<string>();
  const follow = (path: string) => {
    if (reached.has(path)) return;
    reached.add(path);
    const whole = join(folder, path);
    if (!/\.c?js$/.test(path) || !existsSync(whole)) return;
    for (const [, name = ''] of readFileSync(whole, 'utf8').matchAll(/['"`](\.\.?\/[^'"`\s]+\.c?js)['"`]/g)) {
      follow(posix.join(dirname(path), name));
    }
  };
  for (const start of starts) follow(posix.normalize(start));
  return reached;
}
