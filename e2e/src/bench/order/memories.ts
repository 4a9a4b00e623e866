import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** Milliseconds between two builds, so that what failed long ago has faded. */
const betweenBuildsMs = 4 * 60 * 60 * 1000;

/**
 * The histories of all earlier builds in one folder, as the newest of them would carry it: `folders` in the order of
 * the builds, each as its own run has left it.
 */
export function replayHistories(folders: readonly string[], into: string): void {
  mkdirSync(into, { recursive: true });
  folders.forEach((folder, at) => {
    const ageMs = (folders.length - at) * betweenBuildsMs;
    for (const name of readdirSync(folder)) {
      const text = readFileSync(join(folder, name), 'utf8');
      const aged = text.replace(/"at":(\d+)/g, (_, time) => `"at":${Number(time) - ageMs}`);
      writeFileSync(join(into, `${at}-${name}`), aged);
    }
  });
}

/**
 * The runner's own cache of this checkout, warm, with the memory of the build before in it: which file failed, and how
 * long each took. Jest writes absolute paths, and each build here has a checkout of its own.
 */
export function replayCache(cache: string, before: string | undefined, into: string, dirs: [string, string]) {
  cpSync(cache, into, { recursive: true });
  const to = findMemory(into);
  const from = before === undefined ? undefined : findMemory(before);
  if (to === undefined) throw new Error(`the runner has left no memory in ${cache}`);
  const text = from === undefined ? undefined : readFileSync(from, 'utf8');
  // Without an earlier build it knows nothing, in the runner's own words for that.
  const nothing = to.endsWith('results.json') ? '{"version":"4.0.0","results":[]}' : '{}';
  writeFileSync(to, text?.replaceAll(`${dirs[0]}/`, `${dirs[1]}/`) ?? nothing);
}

function findMemory(folder: string): string | undefined {
  if (!existsSync(folder)) return undefined;
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).find((name) =>
    /(^|\/)(perf-cache-[^/]*|results\.json)$/.test(name),
  );
  return found === undefined ? undefined : join(folder, found);
}
