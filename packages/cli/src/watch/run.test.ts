import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModel, createStep, type Job, type Model, systemClock } from '@promise-failure/simulator';
import { type RestApi, startRestApi, startWebhooks } from '@promise-failure/simulator/rest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { freePort } from '../../test/free-port.ts';
import type { WatchOptions } from './options.ts';
import { runWatch } from './run.ts';

const place = { organization: 'acme', pipeline: 'app' };
const plain: WatchOptions = {
  ...{ until: 'certain', json: true, live: true, cancelOnFailing: false },
  ...{ webhookAuthentication: 'signature', pollEvery: 0.02, evidenceWait: 0 },
};

interface Scene {
  readonly model: Model;
  readonly job: Job;
  /** Starts the command; news grow while it runs. */
  watch(
    options?: Partial<WatchOptions>,
    build?: string,
  ): { readonly news: Record<string, unknown>[]; readonly exit: Promise<number> };
  readonly stop: AbortController;
  readonly faults: RestApi['faults'];
}

async function start(): Promise<Scene> {
  const model = createModel({ clock: systemClock });
  const rateLimit = { requests: 100_000, windowMs: 60_000 };
  const api = await startRestApi({ ...place, model, rateLimit });
  onTestFinished(() => api.close());
  const build = model.createBuild();
  const job = model.addJob(build, { step: createStep({ label: 'Test', command: 'true' }) });
  model.start(job);
  model.seal(build);
  const stop = new AbortController();
  const env = { ...process.env, BUILDKITE_API_TOKEN: api.token, BUILDKITE_WEBHOOK_TOKEN: 'hook' };
  return {
    ...{ model, job, stop, faults: api.faults },
    watch(options = {}, build = 'acme/app/1') {
      const news: Record<string, unknown>[] = [];
      const output = {
        write: (line: string | Uint8Array) => {
          news.push(JSON.parse(String(line)));
          return true;
        },
      };
      const all = { ...plain, apiUrl: api.url, ...options };
      return { news, exit: runWatch(build, all, env, output, stop.signal) };
    },
  };
}

const typesOf = (news: Record<string, unknown>[]) =>
  news.map(({ type, status }) => (status ? `${type} ${status}` : type));

describe('watch exits', () => {
  it('with 10 as soon as the build is failing, naming what was promised', async () => {
    const { model, job, watch } = await start();
    const { news, exit } = watch();
    await expect.poll(() => typesOf(news)).toEqual(['status running']);
    model.promise(job, 3);
    expect(await exit).toBe(10);
    expect(typesOf(news)).toEqual(['status running', 'status failing', 'promised', 'end']);
    expect(news[2]).toMatchObject({ job: { name: 'Test', promised: { exitStatus: 3 } } });
    expect(news.at(-1)).toMatchObject({ exitCode: 10, report: { status: 'failing' } });
  });

  it.each([
    [0, 0],
    [1, 9],
  ])('when the job’s exit status %i ends the build, with %i', async (exitStatus, exitCode) => {
    const { model, job, watch } = await start();
    model.finish(job, { exitStatus });
    expect(await watch().exit).toBe(exitCode);
  });

  it('with 9 at the end, and not before, when it goes on until the build is finished', async () => {
    const { model, job, watch } = await start();
    const { news, exit } = watch({ until: 'finished' });
    model.promise(job, 1);
    await expect.poll(() => typesOf(news)).toContain('promised');
    model.finish(job, { exitStatus: 1 });
    expect(await exit).toBe(9);
  });

  it('with 9 when the build is cancelled, 11 when it is blocked', async () => {
    const { model, job, watch } = await start();
    model.block(model.createBuild());
    for (const build of [...model.builds.values()].slice(0, 1)) model.cancelBuild(build);
    model.finish(job, { exitStatus: -1 });
    expect(await watch().exit).toBe(9);
    expect(await watch({}, 'acme/app/2').exit).toBe(11);
  });

  it('with 130 when it is interrupted', async () => {
    const { watch, stop } = await start();
    const { news, exit } = watch();
    await expect.poll(() => news.length).toBe(1);
    stop.abort(130);
    expect(await exit).toBe(130);
  });

  it('with 1 for a build that does not exist, with 12 for one that cannot be read any more', async () => {
    const { watch, faults } = await start();
    expect(await watch({}, 'acme/app/99').exit).toBe(1);
    const { news, exit } = watch({ pollEvery: 0.001 });
    await expect.poll(() => news.length).toBe(1);
    faults.push(...Array.from({ length: 10 }, () => ({ type: 'cut' as const })));
    expect(await exit).toBe(12);
    expect(typesOf(news).filter((type) => type === 'trouble')).toHaveLength(10);
    const { BUILDKITE_API_TOKEN: _, ...env } = process.env;
    const output = { write: () => true };
    expect(await runWatch('acme/app/1', plain, env, output, new AbortController().signal)).toBe(1);
    expect(await runWatch('nothing', plain, env, output, new AbortController().signal)).toBe(1);
  });
});

describe('watch acts', () => {
  function scratch(): string {
    const folder = mkdtempSync(join(tmpdir(), 'watch-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    return join(folder, 'ran');
  }

  it('once on failing, with the report, though the build says so ten times', async () => {
    const { model, job, watch } = await start();
    const file = scratch();
    const port = await freePort();
    const url = `http://127.0.0.1:${port}/`;
    const ten = Array.from({ length: 10 }, (_, index) => index * 10);
    const hooks = startWebhooks({ ...place, model, url, token: 'hook', deliver: () => ten });
    onTestFinished(() => hooks.close());
    const command = `cat >> ${file}; echo >> ${file}; echo "$PROMISE_FAILURE_BUILD" >> ${file}`;
    const { news, exit } = watch({ listen: String(port), onFailing: command, until: 'finished' });
    await expect.poll(() => news.length).toBe(1);
    model.promise(job, 1, 'because');
    await expect.poll(() => typesOf(news)).toContain('on-failing');
    model.finish(job, { exitStatus: 1 });
    expect(await exit).toBe(9);
    const lines = readFileSync(file, 'utf8').trim().split('\n');
    expect(lines).toHaveLength(2);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({ id: 'acme/app/1', failingJobs: [{ name: 'Test' }] });
    expect(lines[1]).toBe('acme/app/1');
    expect(typesOf(news).filter((type) => type === 'status failing')).toHaveLength(1);
  });

  it('by cancelling the rest, and tells what became of that', async () => {
    const { model, job, watch } = await start();
    const { news, exit } = watch({ cancelOnFailing: true, until: 'finished' });
    model.promise(job, 1);
    await expect.poll(() => typesOf(news)).toContain('cancel');
    expect(model.builds.get(1)?.state).toBe('canceling');
    model.finish(job, { exitStatus: 1 });
    expect(await exit).toBe(9);
  });

  it('leaves the exit code alone when the command fails', async () => {
    const { model, job, watch } = await start();
    model.promise(job, 1);
    const { news, exit } = watch({ onFailing: 'exit 7' });
    expect(await exit).toBe(10);
    expect(news.find(({ type }) => type === 'on-failing')).toMatchObject({ exitStatus: 7 });
  });
});
