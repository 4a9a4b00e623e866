import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Log } from '../log.ts';
import { loadMutedList } from './load.ts';
import type { MutedEntry, MutedSource } from './source.ts';

const log: Log = { debug() {}, info() {}, warn() {}, header() {} };
const signal = new AbortController().signal;

function entry(name: string): MutedEntry {
  return { target: { type: 'identity', scope: '', name }, origin: name };
}

function source(name: string, over: Partial<MutedSource> = {}) {
  let loads = 0;
  const made: MutedSource = {
    name,
    load: () => {
      loads++;
      return Promise.resolve([entry(name)]);
    },
    ...over,
  };
  return { made, loads: () => loads };
}

const test = (name: string) => ({ scope: '', name, file: '/f', titlePath: [name] });
const failing = (name: string, why: string) =>
  source(name, { load: () => Promise.reject(new Error(why)) }).made;

describe('loadMutedList', () => {
  it('joins all sources', async () => {
    const list = await loadMutedList([source('a').made, source('b').made], { signal, log });
    expect(['a', 'b', 'c'].map((name) => list.match(test(name))?.origin)).toEqual(['a', 'b', undefined]);
  });

  it('rejects with every source that failed, though others did not', async () => {
    const sources = [source('a').made, failing('b', 'answered 401'), failing('c', 'line 3')];
    await expect(loadMutedList(sources, { signal, log })).rejects.toThrow('b: answered 401; c: line 3');
  });

  it('shares a fetch with the rest of the job, and nothing else', async () => {
    const jobFolder = join(mkdtempSync(join(tmpdir(), 'muted-load-')), 'job');
    const shared = source('fetched', { sharedAs: 'https://x' });
    const own = source('own');
    for (let run = 0; run < 3; run++) {
      await loadMutedList([shared.made, own.made], { signal, log, jobFolder });
    }
    expect([shared.loads(), own.loads()]).toEqual([1, 3]);
  });

  it("fetches for itself where the job's folder cannot be made", async () => {
    const shared = source('fetched', { sharedAs: 'https://x' });
    const jobFolder = join(process.execPath, 'job');
    const list = await loadMutedList([shared.made], { signal, log, jobFolder });
    expect(list.match(test('fetched'))).toBeDefined();
  });

  it('fetches for itself without a job folder', async () => {
    const shared = source('fetched', { sharedAs: 'https://x' });
    await loadMutedList([shared.made], { signal, log });
    await loadMutedList([shared.made], { signal, log });
    expect(shared.loads()).toBe(2);
  });

  it('gives up on a source that is too slow, and says so', async () => {
    const slow = source('slow', {
      load: (limit) =>
        new Promise((_, reject) => limit.addEventListener('abort', () => reject(limit.reason))),
    });
    const loading = loadMutedList([slow.made], { signal, log, timeoutMs: 50 });
    await expect(loading).rejects.toThrow('slow: no answer in time');
  });
});
