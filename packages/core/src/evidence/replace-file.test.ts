import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { replaceFile } from './replace-file.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pf-replace-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('replaceFile', () => {
  it('makes the folders that are missing, and leaves nothing else behind', () => {
    replaceFile(join(folder, 'a/b/c.json'), 'one', 0o600);
    replaceFile(join(folder, 'a/b/c.json'), 'two', 0o600);
    expect(readdirSync(join(folder, 'a/b'))).toEqual(['c.json']);
    expect(readFileSync(join(folder, 'a/b/c.json'), 'utf8')).toBe('two');
  });

  it('is complete whenever it is read', async () => {
    const file = join(folder, 'c.json');
    const module = pathToFileURL(join(import.meta.dirname, '../../dist/evidence/replace-file.js')).href;
    const script = `const { replaceFile } = await import(${JSON.stringify(module)});
      for (let at = 0; at < 2000; at++) replaceFile(${JSON.stringify(file)}, JSON.stringify('x'.repeat(at * 50)), 0o600);`;
    const child = spawn(process.execPath, ['--input-type=module', '-e', script]);
    const ended = new Promise((resolve) => child.once('close', resolve));
    let reads = 0;
    while (child.exitCode === null) {
      if (existsSync(file)) {
        expect(() => JSON.parse(readFileSync(file, 'utf8'))).not.toThrow();
        reads++;
      }
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(await ended).toBe(0);
    expect(reads).toBeGreaterThan(10);
  });

  it('leaves the file as it was where it cannot be replaced', () => {
    replaceFile(join(folder, 'kept'), 'old', 0o600);
    expect(() => replaceFile(join(folder, 'kept/below'), 'new', 0o600)).toThrow();
    expect(readFileSync(join(folder, 'kept'), 'utf8')).toBe('old');
    expect(readdirSync(folder)).toEqual(['kept']);
  });
});
