import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DeliverySetup, DeliverySummary } from '../channel/channel.ts';
import { resolveConfig } from '../config/config.ts';
import type { Part } from '../evidence/part.ts';
import { ownJobFolderPath } from '../job/job-folder.ts';
import { keepEvidence } from './keep-evidence.ts';

let folder: string;
let env: Record<string, string>;
const jobFolder = () => ownJobFolderPath(env, 'on') ?? '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'pf-keep-'));
  env = { PROMISE_FAILURE: 'true', BUILDKITE_JOB_ID: randomUUID() };
});
afterEach(() => {
  for (const each of [folder, jobFolder()]) rmSync(each, { recursive: true, force: true });
});

const summary: DeliverySummary = {
  hard: 1,
  enough: false,
  muted: { count: 0, names: [] },
  contradicted: { count: 0, names: [] },
  because: 'below the threshold',
};

/** Evidence of a run that is below its threshold, in which no time passes. */
function start() {
  const options = { annotate: true, evidence: join(folder, 'evidence.json') };
  const resolved = resolveConfig(options, env, { runner: 'jest', exitStatus: 1 });
  if (resolved.type !== 'on') throw new Error('bad options');
  const setup: DeliverySetup = {
    ...{ runner: 'jest', rootDir: folder, cwd: folder, flags: [], config: resolved.config, env },
    ...{ execArgv: [], tracer: false, startedAt: 0 },
  };
  const log = { debug() {}, info() {}, warn() {}, header() {} };
  const never = (_ms: number, signal: AbortSignal) =>
    new Promise<void>((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason));
    });
  const keeper = keepEvidence(setup, {
    layers: { flippers: [], outerRetries: 0, bktec: false, family: '' },
    ...{ log, redact: (text) => text, now: () => 0, beginCommand: undefined, sleep: never },
  });
  const fail = async (key: string) => {
    const test = { scope: '', name: key, file: join(folder, 'a.js'), titlePath: [key] };
    keeper.add({ type: 'failed', key, test, muted: false, detail: undefined });
    await keeper.show({ summary, certain: false });
    await new Promise((resolve) => setImmediate(resolve));
  };
  return { keeper, fail };
}

const testsInFile = () => JSON.parse(readFileSync(join(folder, 'evidence.json'), 'utf8')).tests.length;

function testsInPart(): number {
  const [name = ''] = readdirSync(jobFolder()).filter((path) => path.startsWith('evidence-'));
  return (JSON.parse(readFileSync(join(jobFolder(), name), 'utf8')) as Part).tests.length;
}

describe('keepEvidence', () => {
  it('writes at the first failure, and not at each of a storm', async () => {
    const { fail } = start();
    for (let at = 0; at < 20; at++) await fail(`t${at}`);
    expect([testsInFile(), testsInPart()]).toEqual([1, 1]);
  });

  it('writes all there is when the run ends, without a rest', async () => {
    const { keeper, fail } = start();
    for (let at = 0; at < 20; at++) await fail(`t${at}`);
    keeper.add({ type: 'ended', at: 5, flaky: 2 });
    await keeper.show({ summary, certain: false });
    expect([testsInFile(), testsInPart()]).toEqual([20, 20]);
    keeper.add({ type: 'exited', status: 1 });
    await keeper.show({ summary, certain: false });
    expect(JSON.parse(readFileSync(join(folder, 'evidence.json'), 'utf8'))).toMatchObject({
      ...{ exit_status: 1, counts: { flaky: 2 } },
    });
  });
});
