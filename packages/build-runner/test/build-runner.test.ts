import { describe, expect, it } from 'vitest';
import { type BuildRunnerOptions, classifyBuildError, createBuildRunner } from '../src/index.ts';
import { place, startBuild, startBuildkite } from './setup.ts';

const now = async () => {};
const wanted = { ...place, key: 'change-7', commit: 'HEAD', branch: 'main' };

async function start(options: Partial<BuildRunnerOptions> = {}) {
  const { model, api } = await startBuildkite();
  const connect = () =>
    createBuildRunner({ baseUrl: api.url, token: api.token, sleep: now, timeoutMs: 2000, ...options });
  return { model, api, connect, runner: connect() };
}

describe('trigger', () => {
  it('creates one build, and brings the caller’s metadata back with its status', async () => {
    const { runner, connect } = await start();
    const id = await runner.trigger({ ...wanted, metadata: { change: '7', owner: 'Å' }, env: { A: '1' } });
    expect(id).toBe('acme/app/1');
    expect(await connect().status(id)).toMatchObject({
      ...{ id, status: 'accepted', key: 'change-7', metadata: { change: '7', owner: 'Å' } },
      url: 'https://buildkite.com/acme/app/builds/1',
    });
  });

  const troubles = [
    { type: 'lost answer' },
    { type: 'cut' },
    { type: 'answer', status: 500, done: true },
    { type: 'answer', status: 502, done: true },
    { type: 'answer', status: 504, done: true },
    { type: 'answer', status: 503, done: false },
    { type: 'answer', status: 201, done: true, body: '{"number":' },
    { type: 'answer', status: 429, done: false },
  ] as const;
  it.each(troubles)('makes one build when the answer to its creation is %o', async (fault) => {
    const { api, model, runner } = await start();
    api.faults.push(undefined, fault);
    expect(await runner.trigger(wanted)).toBe('acme/app/1');
    expect(model.builds.size).toBe(1);
  });

  it.each(troubles)(
    'makes one build when the process ends after %o and a new one triggers again',
    async (fault) => {
      const { api, model, connect } = await start({
        retry: { calls: 1, delayMs: () => 0, jitter: 0, capMs: 0 },
      });
      api.faults.push(undefined, fault);
      await expect(connect().trigger(wanted)).rejects.toThrow();
      expect(await connect().trigger(wanted)).toBe('acme/app/1');
      expect(await connect().trigger(wanted)).toBe('acme/app/1');
      expect(model.builds.size).toBe(1);
    },
  );

  it('agrees on the first of two builds with one key', async () => {
    const { model, runner } = await start();
    for (const _ of [1, 2]) model.createBuild({ metaData: { 'promise-failure-key': 'change-7' } });
    expect(await runner.trigger(wanted)).toBe('acme/app/1');
  });

  it('does not repeat what Buildkite refuses', async () => {
    const { api, runner } = await start();
    const error = await runner.trigger({ ...wanted, commit: '' }).catch((thrown: unknown) => thrown);
    expect(classifyBuildError(error)).toMatchObject({ verdict: 'terminal', status: 422 });
    expect(api.requests.filter(({ method }) => method === 'POST')).toHaveLength(1);
  });

  it('keeps the token out of its errors', async () => {
    const { api, runner } = await start({ token: 'a-wrong-secret' });
    const error = await runner.trigger(wanted).catch((thrown: unknown) => thrown);
    expect(classifyBuildError(error).status).toBe(401);
    expect(JSON.stringify(error, Object.getOwnPropertyNames(error))).not.toContain('a-wrong-secret');
    expect(api.requests).toHaveLength(1);
  });
});

describe('status', () => {
  it('names the failing jobs of a build with what they promised', async () => {
    const { model, runner } = await start();
    const { id, job } = startBuild(model);
    expect((await runner.status(id)).status).toBe('running');
    model.promise(job, 3, 'never seen in REST');
    const report = await runner.status(`https://buildkite.com/${id.replace(/\/(\d+)$/, '/builds/$1')}`);
    expect(report).toMatchObject({
      ...{ status: 'failing', state: 'failing', failingAt: expect.any(String) },
      failingJobs: [{ name: 'Test', stepKey: 'test', state: 'running', promised: { exitStatus: 3 } }],
    });
    model.finish(job, { exitStatus: 3 });
    expect(await runner.status(id)).toMatchObject({ status: 'failed', failingJobs: [{ exitStatus: 3 }] });
  });

  it('tells a blocked build as blocked, and not as ended', async () => {
    const { model, runner } = await start();
    const build = model.createBuild();
    model.block(build);
    expect(await runner.status('acme/app/1')).toMatchObject({
      status: 'running',
      state: 'passed',
      blocked: true,
    });
  });

  it('repeats what may go away, and says so when it does not', async () => {
    const { api, model, runner } = await start();
    const { id } = startBuild(model);
    api.faults.push({ type: 'cut' }, { type: 'answer', status: 503 }, { type: 'answer', status: 200 });
    expect((await runner.status(id)).status).toBe('running');
    for (let call = 0; call < 5; call++) api.faults.push({ type: 'answer', status: 500 });
    const error = await runner.status(id).catch((thrown: unknown) => thrown);
    expect(classifyBuildError(error)).toMatchObject({ verdict: 'transient', status: 500 });
  });

  it('does not know a build that is not there', async () => {
    const { runner } = await start();
    const error = await runner.status('acme/app/99').catch((thrown: unknown) => thrown);
    expect(classifyBuildError(error)).toMatchObject({ verdict: 'terminal', notFound: true });
  });

  it('ends with its signal, in a request as well', async () => {
    const { api, runner } = await start();
    api.faults.push({ type: 'hang' });
    const leaving = new Error('leaving');
    const controller = new AbortController();
    const status = runner.status('acme/app/1', { signal: controller.signal });
    await expect.poll(() => api.requests.length).toBe(1);
    controller.abort(leaving);
    await expect(status).rejects.toBe(leaving);
  });
});

describe('a new process at every step', () => {
  it('goes on with nothing but the key, and then the id', async () => {
    const { model, connect } = await start();
    const ids = [await connect().trigger(wanted), await connect().trigger(wanted)];
    expect(ids).toEqual(['acme/app/1', 'acme/app/1']);
    const id = ids[0] ?? '';
    expect((await connect().status(id)).key).toBe('change-7');
    const { job } = startBuild(model);
    const second = 'acme/app/2';
    expect((await connect().status(second)).status).toBe('running');
    model.promise(job, 1);
    expect((await connect().status(second)).status).toBe('failing');
    expect(await connect().cancel(second)).toBe('requested');
    model.finish(job, { exitStatus: 1 });
    expect(await connect().cancel(second)).toBe('already finished');
    expect((await connect().status(second)).status).toBe('cancelled');
    expect(await connect().trigger(wanted)).toBe(id);
  });
});

describe('cancel', () => {
  it('cancels with nothing but the id, and again without harm', async () => {
    const { model, runner, connect } = await start();
    const { id, job } = startBuild(model);
    expect(await connect().cancel(id)).toBe('requested');
    expect(await runner.status(id)).toMatchObject({ status: 'running', state: 'canceling' });
    expect(await connect().cancel(id)).toBe('requested');
    model.finish(job, { exitStatus: -1 });
    expect(await runner.cancel(id)).toBe('already finished');
    expect((await runner.status(id)).status).toBe('cancelled');
  });

  it('survives a lost answer', async () => {
    const { api, model, runner } = await start();
    const { id } = startBuild(model);
    api.faults.push({ type: 'lost answer' });
    expect(await runner.cancel(id)).toBe('requested');
    expect(model.builds.get(1)?.state).toBe('canceling');
  });
});
