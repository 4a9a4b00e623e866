import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const top = new URL('../../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, top), 'utf8');
const page = read('ARCHITECTURE.md');

describe('ARCHITECTURE.md', () => {
  const ways = [...page.matchAll(/`(packages\/[^`]+\.ts)` `(\w+)`/g)].map(([, file = '', name = '']) => ({
    file,
    name,
  }));

  it('follows a failing test from a reporter to the socket', () => {
    expect(ways.length).toBeGreaterThan(10);
  });

  it.each(ways)('names $name in $file, which defines it', ({ file, name }) => {
    expect(existsSync(new URL(file, top))).toBe(true);
    expect(read(file)).toMatch(new RegExp(`(function|class|const|async|^ *)\\s*${name}\\b[^;]*[({=]`, 'm'));
  });

  it('names the rooms of core in the order that lint keeps', () => {
    const inPage = [...page.matchAll(/^\| `([a-z]+)` +\|/gm)].map(([, room]) => room);
    const config = read('.dependency-cruiser.mjs');
    const start = config.indexOf("'packages/core': [");
    const kept = [...config.slice(start, config.indexOf('\n  ],', start)).matchAll(/'([a-z]+)'[,\]]/g)];
    expect(inPage).toEqual(kept.map(([, room]) => room));
    const folders = readdirSync(new URL('packages/core/src', top), { withFileTypes: true });
    expect([...inPage].sort()).toEqual(
      folders
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => name)
        .sort(),
    );
  });
});
