import { spawn } from 'node:child_process';
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { startSimulator } from '@promise-failure/simulator';
import { startRestApi } from '@promise-failure/simulator/rest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { e2eFolder } from '../harness/runners.ts';

const command = join(e2eFolder, 'node_modules/promise-failure/bin/promise-failure.js');
const jest = join(e2eFolder, 'node_modules/jest/bin/jest.js');
const testFile = `describe('Checkout', () => {
  test('pays by card', () => {
    expect('declined').toBe('paid');
  });
  test('the rest of a long suite', () => new Promise((resolve) => setTimeout(resolve, 4000)), 60_000);
});
`;

/** A project of Jest with our reporter, in which one test fails at once and another takes its time. */
function makeProject(): string {
  mkdirSync(join(e2eFolder, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(e2eFolder, '.tmp', 'watched-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  writeFileSync(join(folder, 'package.json'), '{ "private": true }\n');
  writeFileSync(
    join(folder, 'jest.config.cjs'),
    "module.exports = { reporters: ['default', '@promise-failure/jest'] };\n",
  );
  writeFileSync(join(folder, 'checkout.test.js'), testFile);
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(join(e2eFolder, 'node_modules/.bin'), join(folder, 'node_modules/.bin'));
  return folder;
}

function run(program: string, args: readonly string[], cwd: string, env: NodeJS.ProcessEnv) {
  const child = spawn(program, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] });
  const texts = ['', ''];
  [child.stdout, child.stderr].forEach((stream, index) => {
    stream.setEncoding('utf8').on('data', (text: string) => {
      texts[index] += text;
    });
  });
  const end = new Promise<{ code: number | null; output: string; errors: string }>((resolve) =>
    child.once('close', (code) => resolve({ code, output: texts[0] ?? '', errors: texts[1] ?? '' })),
  );
  return { end, output: () => texts[0] ?? '' };
}

describe('what a real job leaves at its promise', { timeout: 90_000 }, () => {
  it('reaches the one who watches while the job runs on, and shows the failure again', async () => {
    const folder = makeProject();
    const simulator = await startSimulator();
    const { model, organization, pipeline } = simulator;
    const api = await startRestApi({ organization, pipeline, model });
    onTestFinished(async () => {
      await api.close();
      await simulator.close();
    });
    const job = await simulator.createJob({ label: 'Jest' });
    model.seal(simulator.build);
    const report = join(folder, 'report.json');
    const watch = run(
      process.execPath,
      [command, 'watch', `${organization}/${pipeline}/1`, '--json', '--on-failing', `cat > '${report}'`],
      folder,
      { ...process.env, BUILDKITE_API_URL: api.url, BUILDKITE_API_TOKEN: api.token },
    );
    await expect.poll(watch.output, { timeout: 20_000 }).toContain('running');
    const env = { ...job.processEnv(), PROMISE_FAILURE: 'true', PROMISE_FAILURE_ANNOTATE: 'true' };
    const tests = run(process.execPath, [jest, '--runInBand'], folder, env);
    expect((await watch.end).code).toBe(10);
    expect(job.job.state).toBe('running');

    const { failingJobs } = JSON.parse(readFileSync(report, 'utf8'));
    const { evidence } = failingJobs[0];
    expect(evidence).toMatchObject({
      source: 'annotation',
      tests: [{ name: 'Checkout > pays by card', line: 3, runner: 'jest' }],
      rerun: [{ command: expect.stringMatching(/^npx jest /) }],
    });
    const top = findTop(folder);
    expect(join(top, evidence.tests[0].file)).toBe(join(folder, 'checkout.test.js'));
    expect(evidence.tests[0].message).toContain('Expected: "paid"');
    const [{ folder: where, command: line }] = evidence.rerun;
    const again = await run('/bin/sh', ['-c', line], join(top, where), { ...process.env, CI: 'true' }).end;
    expect(again.code).toBe(1);
    expect(again.errors).toMatch(/Tests: +1 failed, 1 skipped, 2 total/);
    job.finish((await tests.end).code ?? -1);
  });

  it('is added up by measure, when it was left by a dry run', async () => {
    const folder = makeProject();
    const dry = { PROMISE_FAILURE: 'dry-run', PROMISE_FAILURE_EVIDENCE: 'shadow' };
    const { code } = await run(process.execPath, [jest, '--runInBand'], folder, { ...process.env, ...dry })
      .end;
    expect(code).toBe(1);
    const measure = await run(process.execPath, [command, 'measure', '--files', 'shadow', '--json'], folder, {
      ...process.env,
    }).end;
    expect([measure.code, measure.errors]).toEqual([0, '']);
    const { source, jobs, unmatched } = JSON.parse(measure.output);
    expect(source).toEqual({ type: 'files', files: 1, dryRuns: 1 });
    expect(jobs.headStart.count).toBe(1);
    expect(jobs.headStart.totalMs).toBeGreaterThan(3000);
    expect(unmatched).toEqual([]);
  });
});

/** The top of the repository in which a folder lies. */
function findTop(folder: string): string {
  return existsSync(join(folder, '.git')) ? folder : findTop(dirname(folder));
}
