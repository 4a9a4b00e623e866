import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { spawnCommand } from './spawn-command.ts';

const help = async (...args: string[]) =>
  (await spawnCommand([...args, '--help'], { PATH: process.env.PATH }).end).output;

/** The commands that a help text lists. */
async function listed(): Promise<string[]> {
  const [, list = ''] = (await help()).split('Commands:');
  return [...list.matchAll(/^ {2}([a-z]+)/gm)]
    .map(([, name]) => name ?? '')
    .filter((name) => name !== 'help');
}

describe('the help', { timeout: 60_000 }, () => {
  it('lists commands that exist, each with a help of its own', async () => {
    const names = await listed();
    expect(names).toContain('declare');
    for (const name of names) expect(await help(name)).toContain(`Usage: promise-failure ${name}`);
  });

  it('names no command that does not exist', async () => {
    const names = await listed();
    const page = readFileSync(join(import.meta.dirname, '../README.md'), 'utf8');
    const texts = [page, await help(), ...(await Promise.all(names.map((name) => help(name))))];
    const named = texts.flatMap((text) => [...text.matchAll(/(?<![@/\w-])promise-failure ([a-z]+)\b/g)]);
    const words = new Set(named.map(([, name]) => name));
    words.delete('command'); // "the promise-failure command"
    expect([...words].filter((word) => !names.includes(word ?? ''))).toEqual([]);
    const sections = [...page.matchAll(/^## `promise-failure ([a-z]+)/gm)].map(([, name]) => name);
    expect(sections.sort()).toEqual(names.sort());
  });
});
