import { setMaxListeners } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { type OncePerJobOptions, oncePerJob } from './once-per-job.ts';
import type { MutedEntry } from './source.ts';

const entries: readonly MutedEntry[] = [
  { target: { type: 'identity', scope: ' s', name: 'n' }, origin: 'suite a/b' },
];

function setUp(over: Partial<OncePerJobOptions> = {}) {
  const folder = mkdtempSync(join(tmpdir(), 'muted-job-'));
  const options: OncePerJobOptions = {
    folder,
    key: 'k',
    signal: new AbortController().signal,
    now: Date.now,
    claimLastsMs: 60_000,
    ...over,
  };
  let fetches = 0;
  const fetch = async () => {
    fetches++;
    await sleep(20);
    return entries;
  };
  return { folder, options, fetch, fetches: () => fetches };
}

/** Makes the claim of a process that no longer runs: no pid is as large as this. */
function leaveDeadClaim(folder: string): void {
  const claim = readdirSync(folder).find((name) => name.endsWith('.claim'));
  writeFileSync(join(folder, claim ?? ''), '999999999');
}

describe('oncePerJob', () => {
  it('fetches for this process where no claim can be written', async () => {
    const { options, folder, fetch } = setUp();
    writeFileSync(join(folder, 'file'), '');
    expect(await oncePerJob(fetch, { ...options, folder: join(folder, 'file') })).toEqual(entries);
  });

  it('keeps a list that it cannot share, and leaves the next turn to the others', async () => {
    const { options, folder, fetch, fetches } = setUp();
    let blocked = false;
    const first = await oncePerJob(async () => {
      const claim = readdirSync(folder).find((name) => name.endsWith('.claim')) ?? '';
      mkdirSync(join(folder, `${claim.replace('.claim', '.json')}.${process.pid}`));
      blocked = true;
      return entries;
    }, options);
    expect([blocked, first]).toEqual([true, entries]);
    for (const name of readdirSync(folder)) rmSync(join(folder, name), { recursive: true });
    expect(await oncePerJob(fetch, options)).toEqual(entries);
    expect(fetches()).toBe(1);
  });

  it('fetches once for any number of callers at once', async () => {
    const { options, fetch, fetches } = setUp();
    const { signal } = new AbortController();
    setMaxListeners(0, signal);
    const lists = await Promise.all(
      Array.from({ length: 20 }, () => oncePerJob(fetch, { ...options, signal })),
    );
    expect(fetches()).toBe(1);
    expect(lists).toEqual(Array(20).fill(entries));
  });

  it('gives a later caller what an earlier one fetched', async () => {
    const { options, fetch, fetches } = setUp();
    await oncePerJob(fetch, options);
    expect(await oncePerJob(fetch, options)).toEqual(entries);
    expect(fetches()).toBe(1);
  });

  it('keeps lists of different keys apart', async () => {
    const { options, fetch, fetches } = setUp();
    await oncePerJob(fetch, options);
    await oncePerJob(fetch, { ...options, key: 'other' });
    expect(fetches()).toBe(2);
  });

  it('tells a failure to everybody, and asks again only after a minute', async () => {
    let now = Date.now();
    const { options, fetch, fetches } = setUp({ now: () => now });
    const fail = () => Promise.reject(new Error('answered 401'));
    await expect(oncePerJob(fail, options)).rejects.toThrow('answered 401');
    await expect(oncePerJob(fetch, options)).rejects.toThrow('answered 401');
    expect(fetches()).toBe(0);
    now += 60_001;
    expect(await oncePerJob(fetch, options)).toEqual(entries);
  });

  it('takes over from a process that died while fetching', async () => {
    const { folder, options, fetch, fetches } = setUp();
    void oncePerJob(() => new Promise(() => {}), options);
    await expect.poll(() => readdirSync(folder)).toHaveLength(1);
    leaveDeadClaim(folder);
    const lists = await Promise.all(Array.from({ length: 10 }, () => oncePerJob(fetch, options)));
    expect(fetches()).toBe(1);
    expect(lists).toEqual(Array(10).fill(entries));
  });

  it('takes over a claim that has outlived every fetch', async () => {
    const { folder, options, fetch } = setUp();
    void oncePerJob(() => new Promise(() => {}), options);
    await expect.poll(() => readdirSync(folder)).toHaveLength(1);
    const later = { ...options, now: () => Date.now() + 61_000 };
    expect(await oncePerJob(fetch, later)).toEqual(entries);
  });

  it('goes on at once where another process gave up at its end', async () => {
    const controller = new AbortController();
    const { options, fetch } = setUp();
    const given = () => sleep(60_000, entries, { signal: controller.signal });
    const giving = oncePerJob(given, { ...options, signal: controller.signal });
    controller.abort();
    await expect(giving).rejects.toThrow();
    expect(await oncePerJob(fetch, options)).toEqual(entries);
  });

  it('stops waiting for another process on abort', async () => {
    const controller = new AbortController();
    const { folder, options, fetch } = setUp({ signal: controller.signal });
    void oncePerJob(() => new Promise(() => {}), { ...options, signal: new AbortController().signal });
    await expect.poll(() => readdirSync(folder)).toHaveLength(1);
    const waiting = oncePerJob(fetch, options);
    controller.abort();
    await expect(waiting).rejects.toThrow();
  });

  it.skipIf(process.platform === 'win32')('writes files for the user alone', async () => {
    const { folder, options, fetch } = setUp();
    await oncePerJob(fetch, options);
    const modes = readdirSync(folder).map((name) => statSync(join(folder, name)).mode & 0o777);
    expect(modes).toEqual([0o600, 0o600]);
  });
});
