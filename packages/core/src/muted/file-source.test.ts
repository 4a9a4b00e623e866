import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Log } from '../log.ts';
import { createFileSource } from './file-source.ts';

const never = new AbortController().signal;

function setUp(text: string | undefined, today: string) {
  const cwd = mkdtempSync(join(tmpdir(), 'muted-file-'));
  if (text !== undefined) writeFileSync(join(cwd, 'muted.yaml'), text);
  const warnings: string[] = [];
  const log: Log = { debug() {}, info() {}, header() {}, warn: (line) => warnings.push(line) };
  const source = createFileSource('muted.yaml', { cwd, now: () => Date.parse(today), log });
  return { source, warnings };
}

const entry = '- scope: a\n  name: b\n  until: 2026-03-01\n- kept\n';

describe('createFileSource', () => {
  it('counts an entry through the end of its day', async () => {
    const { source, warnings } = setUp(entry, '2026-03-01T23:59:59.999Z');
    expect(await source.load(never)).toHaveLength(2);
    expect(warnings).toEqual([]);
  });

  it('leaves an entry out after its day, and says so', async () => {
    const { source, warnings } = setUp(entry, '2026-03-02T00:00:00Z');
    expect(await source.load(never)).toEqual([
      { target: { type: 'title', pattern: 'kept' }, origin: 'muted.yaml:4' },
    ]);
    expect(warnings).toEqual([expect.stringContaining('muted.yaml:1: muted until 2026-03-01')]);
  });

  it('gives nothing of a file with one bad entry', async () => {
    const { source } = setUp('- fine\n- scope: a\n', '2026-03-01');
    await expect(source.load(never)).rejects.toThrow('muted.yaml:2: name');
  });

  it('fails where the file cannot be read', async () => {
    const { source } = setUp(undefined, '2026-03-01');
    await expect(source.load(never)).rejects.toThrow('ENOENT');
  });
});
