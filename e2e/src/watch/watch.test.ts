import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createBuildRunner } from '@promise-failure/build-runner';
import { type SimulatedJob, startSimulator } from '@promise-failure/simulator';
import { startRestApi, startWebhooks } from '@promise-failure/simulator/rest';
import { expect, it, onTestFinished } from 'vitest';
import { e2eFolder } from '../harness/runners.ts';

const restMs = 5000;
const testFile = `
test('pays by card', () => { throw new Error('declined'); });
test('the rest of a long suite', () => new Promise((resolve) => setTimeout(resolve, ${restMs})), 60_000);
`;
const config = `module.exports = { reporters: ['default', '@promise-failure/jest'] };\n`;

interface Watched {
  /** Epoch milliseconds at which the watcher told that the build is failing. */
  readonly knownAt: number;
  readonly promisedAt: number | undefined;
  readonly jestEndedAt: number;
  readonly exitCode: number | null;
  readonly state: string | undefined;
  readonly siblingState: string;
  readonly ran: readonly string[];
  readonly news: readonly Record<string, unknown>[];
}

/** Triggers a build of a Jest job and a long sibling, and watches it by the command, with or without promises. */
async function triggerAndWatch(promises: boolean): Promise<Watched> {
  const folder = makeProject();
  const simulator = await startSimulator();
  const { model, organization, pipeline } = simulator;
  const api = await startRestApi({ organization, pipeline, model });
  const port = await freePort();
  const url = `http://127.0.0.1:${port}/`;
  const hooks = startWebhooks({ organization, pipeline, model, url, token: 'hook' });
  onTestFinished(async () => {
    await hooks.close();
    await api.close();
    await simulator.close();
    rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const runner = createBuildRunner({ baseUrl: api.url, token: api.token });
  const id = await runner.trigger({
    organization,
    pipeline,
    key: 'change-1',
    commit: 'HEAD',
    branch: 'main',
  });
  const build = model.builds.get(1);
  if (build === undefined) throw new Error('the trigger made no build');
  const job = await simulator.createJob({ build, label: 'Jest', key: 'jest' });
  const sibling = await simulator.createJob({ build, label: 'Visual diff' });
  model.seal(build);
  model.subscribe((event) => {
    if (event.type === 'job.canceling' && event.job.id === sibling.job.id) sibling.finish(-1);
  });

  const watching = watch(id, { folder, port, apiUrl: api.url, token: api.token });
  await watching.saying('running');
  const jestEndedAt = await runJest(folder, job, promises);
  const { exitCode, news } = await watching.end;
  const failing = news.find(({ type, status }) => type === 'status' && status === 'failing');
  return {
    ...{ exitCode, news, jestEndedAt, promisedAt: job.promises[0]?.at, state: build.state },
    knownAt: Date.parse(String(failing?.at)),
    siblingState: sibling.job.state,
    ran: readFileSync(join(folder, 'ran'), 'utf8').trim().split('\n'),
  };
}

function makeProject(): string {
  mkdirSync(join(e2eFolder, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(e2eFolder, '.tmp', 'watch-'));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(join(folder, 'jest.config.cjs'), config);
  writeFileSync(join(folder, 'checkout.test.js'), testFile);
  return folder;
}

/** Runs until its end, or until it is cancelled; resolves with the time of that. */
async function runJest(folder: string, job: SimulatedJob, promises: boolean): Promise<number> {
  const bin = join(e2eFolder, 'node_modules/jest/bin/jest.js');
  const env = { ...job.processEnv(), PROMISE_FAILURE: String(promises) };
  const child = spawn(process.execPath, [bin, '--runInBand'], { cwd: folder, env, stdio: 'ignore' });
  const poll = setInterval(() => {
    if (job.job.state === 'canceling') child.kill('SIGTERM');
  }, 20);
  const code = await new Promise<number | null>((resolve) => child.once('exit', resolve));
  clearInterval(poll);
  const endedAt = performance.timeOrigin + performance.now();
  job.finish(code ?? -1);
  return endedAt;
}

interface WatchSetup {
  readonly folder: string;
  readonly port: number;
  readonly apiUrl: string;
  readonly token: string;
}

function watch(id: string, { folder, port, apiUrl, token }: WatchSetup) {
  const bin = join(e2eFolder, 'node_modules/promise-failure/bin/promise-failure.js');
  const flags = ['--json', '--until', 'finished', '--listen', String(port), '--api-url', apiUrl];
  const hook = [
    '--cancel-on-failing',
    '--on-failing',
    `echo "$PROMISE_FAILURE_BUILD" >> ${join(folder, 'ran')}`,
  ];
  const env = { ...process.env, BUILDKITE_API_TOKEN: token, BUILDKITE_WEBHOOK_TOKEN: 'hook' };
  const child = spawn(process.execPath, [bin, 'watch', id, ...flags, ...hook], {
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const news: Record<string, unknown>[] = [];
  createInterface({ input: child.stdout }).on('line', (line) => news.push(JSON.parse(line)));
  const end = new Promise<{ exitCode: number | null; news: typeof news }>((resolve) => {
    child.once('close', (exitCode) => resolve({ exitCode, news }));
  });
  const saying = (status: string) =>
    expect.poll(() => news.some((each) => each.status === status), { timeout: 20_000 }).toBe(true);
  return { end, saying };
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

it('knows within a second of the promise of a Jest job, and long after without one', {
  timeout: 90_000,
}, async ({ annotate }) => {
  const early = await triggerAndWatch(true);
  expect(early.promisedAt).toBeDefined();
  const delay = early.knownAt - (early.promisedAt ?? 0);
  expect(delay).toBeLessThan(1000);
  expect(early).toMatchObject({
    exitCode: 9,
    state: 'canceled',
    siblingState: 'canceled',
    ran: ['acme/shop/1'],
  });
  const promised = early.news.find(({ type }) => type === 'promised');
  expect(JSON.stringify(promised)).toContain('pays by card');

  const late = await triggerAndWatch(false);
  expect(late.promisedAt).toBeUndefined();
  expect(late.knownAt).toBeGreaterThanOrEqual(Math.floor(late.jestEndedAt));
  expect(late.ran).toEqual(['acme/shop/1']);
  await annotate(`known ${Math.round(delay)} ms after the promise; without it at least ${restMs} ms later`);
});
