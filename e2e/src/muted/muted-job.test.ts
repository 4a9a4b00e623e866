import { type ChildProcessByStdio, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { startTestEngineApi, type TestEngineSetup } from '@promise-failure/simulator/test-engine';
import { describe, expect, it } from 'vitest';
import { e2eFolder } from '../harness/runners.ts';

const core = pathToFileURL(join(e2eFolder, 'node_modules/@promise-failure/core/dist/index.js')).href;

/** A runner's process reduced to its session: reports one test as failed or passed, and ends. */
const processSource = `
import { createSession } from '${core}';
const [number, status] = process.argv.slice(2);
const session = createSession({ runner: 'jest', options: {}, exitStatus: 1, rootDir: '/project' + number });
const test = { scope: 'block', name: 'test ' + number, file: '/a.js', titlePath: ['block', 'test ' + number] };
session.attemptFinished({ id: number, test, status, willRunAgain: 'no' });
await session.close();
`;

const tests = Array.from({ length: 8 }, (_, number) => ({ scope: 'block', name: `test ${number}` }));

const refused = { type: 'answer', status: 401, body: '{}' } as const;

interface JobSetup extends TestEngineSetup {
  /** The first process is killed as soon as it has asked. */
  readonly killFirst?: boolean;
}

async function runProcesses(status: 'failed' | 'passed', { killFirst = false, ...setup }: JobSetup) {
  const api = await startTestEngineApi({ muted: tests, ...setup });
  const script = join(mkdtempSync(join(tmpdir(), 'muted-job-')), 'process.mjs');
  writeFileSync(script, processSource);
  const env = {
    PATH: process.env.PATH,
    BUILDKITE: 'true',
    ...api.env,
    BUILDKITE_JOB_ID: randomUUID(),
    PROMISE_FAILURE: 'true',
    PROMISE_FAILURE_MUTED_SUITE: 'web',
    PROMISE_FAILURE_DRAIN_TIMEOUT_MS: '60000',
  };
  const start = (number: number) =>
    spawn(process.execPath, [script, String(number), status], { env, stdio: ['ignore', 'inherit', 'pipe'] });
  if (killFirst) {
    const first = start(0);
    await expect.poll(() => api.requests.length, { timeout: 30_000 }).toBe(1);
    first.kill('SIGKILL');
    await readError(first);
  }
  const outputs = await Promise.all(tests.map((_, number) => readError(start(number))));
  await api.close();
  return { outputs, requests: api.requests };
}

function readError(child: ChildProcessByStdio<null, null, Readable>): Promise<string> {
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    stderr += chunk;
  });
  return new Promise((resolve) => child.once('close', () => resolve(stderr)));
}

describe('a job of eight processes', () => {
  it('fetches the muted tests once, page by page, and mutes by them in every process', async () => {
    const { outputs, requests } = await runProcesses('failed', { pageSize: 3, delayMs: 100 });
    expect(requests.map(({ url }) => url.split('?')[1])).toEqual([undefined, 'page=2', 'page=3']);
    for (const output of outputs) expect(output).toContain('0 hard, 1 muted');
  });

  it('waits for the rate limit to be renewed, once for all', async () => {
    const rateLimit = { requests: 1, windowMs: 1000 };
    const { outputs, requests } = await runProcesses('failed', { pageSize: 3, rateLimit });
    expect(requests.map(({ status }) => status)).toEqual([200, 200, 200]);
    for (const output of outputs) expect(output).toContain('0 hard, 1 muted');
  });

  it('asks once for a list that is refused, and promises nothing in any process', async () => {
    const { outputs, requests } = await runProcesses('failed', { trouble: [refused] });
    expect(requests.length).toBe(1);
    for (const output of outputs) {
      expect(output).toContain('1 hard, 0 muted, 0 flaky; nothing promised');
    }
  });

  it('fetches once more where the process that fetched was killed', async () => {
    const { outputs, requests } = await runProcesses('failed', { killFirst: true, delayMs: 2000 });
    expect(requests).toHaveLength(2);
    for (const output of outputs) expect(output).toContain('0 hard, 1 muted');
  });

  it('never fetches while every test passes', async () => {
    const { requests } = await runProcesses('passed', {});
    expect(requests).toEqual([]);
  });
});
