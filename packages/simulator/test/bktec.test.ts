import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type LocalBuildkite, startLocalBuildkite } from '../src/server/local-buildkite.ts';
import type { LocalBuildkiteOptions } from '../src/server/options.ts';

const bktec = process.env.BKTEC_BIN;
if (bktec === undefined)
  console.warn('BKTEC_BIN names no bktec: Test Engine is not tried with the real client.');

/** A runner that fails in files named so, and writes what Jest writes. */
const runner = `
const { writeFileSync } = require('node:fs');
const files = process.argv.slice(3);
const testResults = files.map((file) => {
  const status = file.includes('bad') ? 'failed' : 'passed';
  const assertion = { ancestorTitles: ['suite'], title: file, fullName: 'suite ' + file, status };
  return { name: process.cwd() + '/' + file, status, assertionResults: [{ ...assertion, location: { line: 1, column: 1 } }] };
});
writeFileSync(process.argv[2], JSON.stringify({ testResults, numTotalTests: files.length }));
console.log('ran', files.join(' '), process.env.BUILDKITE_ANALYTICS_TOKEN ? 'with a token' : 'without a token');
process.exit(testResults.some(({ status }) => status === 'failed') ? 1 : 0);
`;

describe.runIf(bktec !== undefined)('the real bktec', () => {
  let folder: string;
  let server: LocalBuildkite;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pf-tec-'));
    await writeFile(join(folder, 'runner.cjs'), runner);
  });
  afterEach(async () => {
    await server.close();
    await rm(folder, { recursive: true, force: true });
  });

  async function run(
    files: string[],
    parallelism: number,
    more: Partial<LocalBuildkiteOptions> = {},
    env = {},
  ) {
    for (const file of files) await writeFile(join(folder, file), '');
    const step = { label: 'Tests', command: `"${bktec}" run`, parallelism };
    await writeFile(join(folder, 'p.yml'), JSON.stringify({ steps: [step] }));
    const settings: Record<string, string> = {
      BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web',
      BUILDKITE_TEST_ENGINE_TEST_RUNNER: 'jest',
      BUILDKITE_TEST_ENGINE_RESULT_PATH: 'out.json',
      BUILDKITE_TEST_ENGINE_TEST_CMD: 'node runner.cjs {{resultPath}} {{testExamples}}',
      BUILDKITE_TEST_ENGINE_PROMISE_FAILURE: 'true',
      BUILDKITE_TEST_ENGINE_UPLOAD_RESULTS: 'true',
      ...env,
    };
    server = await startLocalBuildkite({
      port: 0,
      file: join(folder, 'p.yml'),
      cwd: folder,
      logFolder: folder,
      machineEnv: process.env,
      agents: 'own',
      // One after the other: they share the result file.
      jobsAtATime: 1,
      env: settings,
      say: () => {},
      ...more,
    });
    Object.assign(settings, {
      BUILDKITE_TEST_ENGINE_BASE_URL: server.url,
      BUILDKITE_TEST_ENGINE_UPLOAD_BASE_URL: server.url,
    });
    const build = server.startBuild();
    if (typeof build === 'string') throw new Error(build);
    await vi.waitFor(() => expect(build.finishedAt).not.toBeNull(), { timeout: 50_000, interval: 50 });
    const logs = build.jobs.map(({ id }) => server.logs.read(id).toString('utf8'));
    return { build, logs };
  }

  test('splits the tests over the nodes by a token from the agent, and promises', async () => {
    const { build, logs } = await run(['a.test.js', 'bad.test.js', 'c.test.js'], 2);
    expect(logs[0]).toContain('ran a.test.js c.test.js with a token');
    expect(logs[1]).toContain('ran bad.test.js with a token');
    expect(build.jobs).toMatchObject([
      { exitStatus: 0, promisedExitStatus: null },
      { exitStatus: 1, promisedExitStatus: 1, promisedReason: 'test_failure (1 failed after retries)' },
    ]);
    expect(logs.join('')).not.toContain('Failed to send metadata');
  }, 60_000);

  test('forgives a muted test, and does not promise', async () => {
    const { build } = await run(['bad.test.js'], 1, { muted: [{ scope: 'suite', name: 'bad.test.js' }] });
    expect(build).toMatchObject({ state: 'passed', jobs: [{ exitStatus: 0, promisedExitStatus: null }] });
  }, 60_000);

  test('a node without tests of its own runs none', async () => {
    const { build, logs } = await run(['a.test.js'], 2);
    expect(build.state).toBe('passed');
    expect(logs[1]).toMatch(/no tests to run/i);
    expect(JSON.parse(await readFile(join(folder, 'out.json'), 'utf8')).numTotalTests).toBe(1);
  }, 60_000);

  test('with a wrong token it stops', async () => {
    const { build, logs } = await run(
      ['a.test.js'],
      1,
      {},
      { BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN: 'wrong' },
    );
    expect(build.state).toBe('failed');
    expect(logs[0]).toContain('Authentication required');
  }, 60_000);
});
