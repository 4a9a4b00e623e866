import { setTimeout as wait } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import {
  type BuildReport,
  classifyBuildError,
  createRateBudget,
  createWatcher,
  type WatcherOptions,
} from '../src/index.ts';
import { connectPush, startBuild, startBuildkite, webhookToken } from './setup.ts';

const eager = { observe: () => {}, take: () => 0 };
const never = 60_000;

async function start(options: Partial<WatcherOptions> = {}) {
  const { model, api } = await startBuildkite();
  const base = { baseUrl: api.url, token: api.token, budget: eager, pollEveryMs: 20, auditEveryMs: never };
  const watcher = createWatcher({ ...base, ...options });
  const told: BuildReport[] = [];
  const watch = (id: string) => watcher.watch(id, (report) => void told.push(report));
  // A report comes again when anything in it changes: the words are the changes of status.
  const words = () =>
    told.map(({ status }) => status).filter((status, index, all) => status !== all[index - 1]);
  return { model, api, watcher, watch, told, words };
}

describe('watching by polls', () => {
  it('tells each state on the way, and ends with the build', async () => {
    const { model, watch, words, watcher } = await start();
    const { id, job } = startBuild(model);
    const watched = watch(id);
    await expect.poll(words).toEqual(['running']);
    model.promise(job, 1);
    await expect.poll(words).toEqual(['running', 'failing']);
    model.finish(job, { exitStatus: 1 });
    expect(await watched).toMatchObject({ status: 'failed', failingJobs: [{ name: 'Test', exitStatus: 1 }] });
    expect(words()).toEqual(['running', 'failing', 'failed']);
    expect(watcher.size).toBe(0);
  });

  it('goes on after trouble of every kind, and says so', async () => {
    const trouble: number[] = [];
    const { api, model, watch, words } = await start({ onTrouble: (_, inARow) => trouble.push(inARow) });
    const { id, job } = startBuild(model);
    const watched = watch(id);
    await expect.poll(words).toEqual(['running']);
    api.faults.push({ type: 'cut' }, { type: 'answer', status: 500 }, { type: 'answer', status: 200 });
    model.finish(job, { exitStatus: 0 });
    expect((await watched).status).toBe('succeeded');
    expect(trouble).toEqual([1, 2, 3]);
  });

  it('rejects for a build that does not exist, and watches the others on', async () => {
    const { model, watch } = await start();
    const { id, job } = startBuild(model);
    const watched = watch(id);
    const error = await watch('acme/app/77').catch((thrown: unknown) => thrown);
    expect(classifyBuildError(error).notFound).toBe(true);
    model.finish(job, { exitStatus: 0 });
    expect((await watched).status).toBe('succeeded');
  });

  it('rejects for every build when the token is not accepted', async () => {
    const { model, watch } = await start({ token: 'wrong' });
    const error = await watch(startBuild(model).id).catch((thrown: unknown) => thrown);
    expect(classifyBuildError(error)).toMatchObject({ verdict: 'terminal', status: 401 });
  });

  it('ends with its signal, without a request left', async () => {
    const { model, watcher, api } = await start();
    const leaving = new AbortController();
    const watched = watcher.watch(startBuild(model).id, () => {}, { signal: leaving.signal });
    await expect.poll(() => api.requests.length).toBeGreaterThan(1);
    leaving.abort(new Error('leaving'));
    await expect(watched).rejects.toThrow('leaving');
    // The request under way at that moment may still arrive.
    await wait(200);
    const before = api.requests.length;
    await wait(300);
    expect(api.requests.length).toBe(before);
  });

  it('runs one action at a time, and skips what has become old', async () => {
    const { model, watcher } = await start();
    const { id, job } = startBuild(model);
    const told: string[] = [];
    let release = () => {};
    let acting = 0;
    const watched = watcher.watch(id, async ({ status }) => {
      told.push(status);
      expect(++acting).toBe(1);
      if (told.length === 1) await new Promise<void>((resolve) => (release = resolve));
      acting--;
    });
    await expect.poll(() => told).toEqual(['running']);
    model.promise(job, 1);
    await wait(100);
    model.finish(job, { exitStatus: 1 });
    await wait(100);
    release();
    expect((await watched).status).toBe('failed');
    expect(told).toEqual(['running', 'failed']);
  });
});

describe('watching by push', () => {
  it('knows of a promise with its reason at once, and reads only what events tell of', async () => {
    const { model, api, watcher, watch, words, told } = await start({ pollEveryMs: 200 });
    const { id, job } = startBuild(model);
    await connectPush(watcher, model);
    const watched = watch(id);
    await expect.poll(words).toEqual(['running']);
    startBuild(model);
    await wait(400);
    const before = api.requests.length;
    const promisedAt = performance.now();
    model.promise(job, 1, 'test_failure (1 failed)');
    await expect.poll(() => words().at(-1)).toBe('failing');
    expect(performance.now() - promisedAt).toBeLessThan(1000);
    expect(told.at(-1)?.failingJobs[0]?.promised?.reason).toBe('test_failure (1 failed)');
    model.finish(job, { exitStatus: 1 });
    const last = await watched;
    expect(last).toMatchObject({
      status: 'failed',
      failingJobs: [{ promised: { reason: 'test_failure (1 failed)' } }],
    });
    // The build and its jobs: when it begins to fail, when its job has ended, and at its end.
    expect(api.requests.length - before).toBeLessThanOrEqual(6);
  });

  it('does not wait for a poll that hangs', async () => {
    const { model, api, watcher, watch, words } = await start({ pollEveryMs: 100 });
    const { id, job } = startBuild(model);
    await connectPush(watcher, model);
    const watched = watch(id);
    await expect.poll(words).toEqual(['running']);
    api.faults.push({ type: 'hang' }, { type: 'hang' });
    await expect.poll(() => api.requests.filter(({ status }) => status === undefined)).toHaveLength(1);
    model.promise(job, 1, 'because');
    await expect.poll(words, { timeout: 3000 }).toContain('failing');
    model.finish(job, { exitStatus: 1 });
    expect((await watched).status).toBe('failed');
  });

  it('keeps the end when older events come after it, late and twice', async () => {
    const { model, watcher, watch, words } = await start({ pollEveryMs: never });
    const { id, job } = startBuild(model);
    const late = { 'build.failing': [200, 300], 'job.promised_exit_status': [250] } as Record<
      string,
      number[]
    >;
    const { statuses } = await connectPush(watcher, model, { deliver: ({ type }) => late[type] ?? [0] });
    const watched = watch(id);
    await expect.poll(words).toEqual(['running']);
    model.promise(job, 1);
    model.finish(job, { exitStatus: 1 });
    expect((await watched).status).toBe('failed');
    await expect.poll(() => statuses.length).toBeGreaterThanOrEqual(5);
    expect(words().slice(-1)).toEqual(['failed']);
    expect(words().filter((status) => status === 'failing').length).toBeLessThanOrEqual(1);
  });

  it('takes over by polls when push dies, and loses nothing when it lives again under a burst', async () => {
    let dead = false;
    const { model, watcher, watch } = await start({ pollEveryMs: 50, auditEveryMs: 150 });
    await connectPush(watcher, model, { deliver: () => (dead ? [] : [0, 20]) });
    const builds = Array.from({ length: 30 }, () => startBuild(model));
    const ends = builds.map(({ id }) => watch(id));
    const finish = (from: number, to: number) => {
      for (const { job } of builds.slice(from, to)) model.finish(job, { exitStatus: 1 });
    };
    finish(0, 10);
    await Promise.all(ends.slice(0, 10));
    dead = true;
    finish(10, 20);
    await Promise.all(ends.slice(10, 20));
    dead = false;
    for (const { job } of builds.slice(20)) model.promise(job, 1, 'burst');
    finish(20, 30);
    expect((await Promise.all(ends)).map(({ status }) => status)).toEqual(builds.map(() => 'failed'));
    expect(watcher.size).toBe(0);
  });

  it('reads what a lost event would have told, although other events come', async () => {
    const { model, watcher, watch } = await start({ auditEveryMs: 200 });
    const { id, job } = startBuild(model);
    const other = startBuild(model);
    await connectPush(watcher, model, { deliver: ({ build }) => (build.number === 1 ? [] : [0]) });
    const watched = watch(id);
    model.promise(other.job, 1);
    await wait(300);
    model.finish(job, { exitStatus: 0 });
    expect((await watched).status).toBe('succeeded');
  });

  it('is not told anything by a forger, nor by a sender whose clock is an hour off', async () => {
    const { model, watcher, watch, words } = await start({ pollEveryMs: never });
    const { id, job } = startBuild(model);
    const hour = 3_600_000;
    const forger = await connectPush(watcher, model, { token: `not ${webhookToken}` });
    const skewed = await connectPush(watcher, model, { now: () => Date.now() - hour });
    const stop = new AbortController();
    const watched = watcher.watch(id, () => {}, { signal: stop.signal });
    void watch(id).catch(() => {});
    await expect.poll(words).toEqual(['running']);
    model.finish(job, { exitStatus: 0 });
    await expect.poll(() => forger.statuses.length + skewed.statuses.length).toBe(4);
    expect(new Set([...forger.statuses, ...skewed.statuses])).toEqual(new Set([401]));
    expect(words()).toEqual(['running']);
    stop.abort(new Error('enough'));
    await expect(watched).rejects.toThrow('enough');
  });
});

describe('several watchers', () => {
  it('stay within one rate limit when they share a budget', { timeout: 30_000 }, async () => {
    const { model, api } = await startBuildkite({ rateLimit: { requests: 40, windowMs: 2000 } });
    const budget = createRateBudget({ share: 0.9 });
    const leaving = new AbortController();
    const watches = Array.from({ length: 8 }, () => {
      const watcher = createWatcher({ baseUrl: api.url, token: api.token, budget, pollEveryMs: 1 });
      return watcher.watch(startBuild(model).id, () => {}, { signal: leaving.signal }).catch(() => {});
    });
    await wait(5000);
    leaving.abort();
    await Promise.all(watches);
    expect(api.requests.length).toBeGreaterThan(10);
    expect(api.requests.filter(({ status }) => status === 429)).toEqual([]);
  });
});

describe('thousands of builds', () => {
  it('are watched by one process within one rate limit and bounded memory', { timeout: 60_000 }, async () => {
    const windowMs = 4000;
    const { model, api } = await startBuildkite({ rateLimit: { requests: 200, windowMs } });
    const builds = Array.from({ length: 2000 }, () => startBuild(model));
    const budget = createRateBudget({ share: 0.5 });
    const watcher = createWatcher({ baseUrl: api.url, token: api.token, budget, pollEveryMs: 20 });
    const heapBefore = process.memoryUsage().heapUsed;
    const told = new Map<string, string[]>();
    const ends = builds.map(({ id }) =>
      watcher.watch(id, ({ status }) => void told.set(id, [...(told.get(id) ?? []), status])),
    );
    await expect.poll(() => told.size, { timeout: 20_000 }).toBe(2000);
    expect(process.memoryUsage().heapUsed - heapBefore).toBeLessThan(200 * 1024 * 1024);
    builds.forEach(({ job }, index) => {
      if (index % 200 === 0) model.promise(job, 1);
      model.finish(job, { exitStatus: index % 200 === 0 ? 1 : 0 });
    });
    const reports = await Promise.all(ends);
    expect(reports.filter(({ status }) => status === 'failed')).toHaveLength(10);
    expect(reports.filter(({ status }) => status === 'succeeded')).toHaveLength(1990);
    expect(api.requests.filter(({ status }) => status === 429)).toEqual([]);
    expect(watcher.size).toBe(0);
  });
});
