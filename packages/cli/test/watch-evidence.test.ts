import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createModel, createStep, systemClock } from '@promise-failure/simulator';
import { startRestApi } from '@promise-failure/simulator/rest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { annotation, evidenceDocument } from '../../build-runner/test/annotation.ts';
import { makeBuild, makeJob, startHandMade } from '../../build-runner/test/hand-made.ts';
import { spawnCommand } from './spawn-command.ts';

const soon = { timeout: 20_000 };
const bare = { PATH: process.env.PATH, NO_COLOR: '1' };

/** A running job of acme/app/1, which can leave the annotation that core makes. */
async function startJob() {
  const model = createModel({ clock: systemClock });
  const rateLimit = { requests: 10_000, windowMs: 60_000 };
  const api = await startRestApi({ organization: 'acme', pipeline: 'app', model, rateLimit });
  onTestFinished(() => api.close());
  const build = model.createBuild();
  const job = model.addJob(build, { step: createStep({ label: 'Unit tests', command: 'true' }) });
  model.start(job);
  model.seal(build);
  const annotate = (body: string) =>
    void model.annotate(build, { body, context: `promise-failure-${job.id}`, style: 'error' });
  const env = { ...bare, BUILDKITE_API_URL: api.url, BUILDKITE_API_TOKEN: api.token };
  const watch = (...args: string[]) => spawnCommand(['watch', 'acme/app/1', ...args], env);
  const asked = () => api.requests.filter(({ path }) => /annotations|artifacts/.test(path)).length;
  return { model, job, annotate, watch, asked };
}

const newsOf = (output: string) =>
  output
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));

const test = {
  ...{ name: 'Checkout > pays by card', file: 'packages/cart/test/checkout.test.js', line: 14 },
  message: expect.stringContaining('Expected: "paid"'),
};
const rerun = {
  folder: 'packages/cart',
  command: "npx jest --runTestsByPath test/checkout.test.js -t '^Checkout pays by card$'",
};

describe('promise-failure watch, of what has failed', { timeout: 60_000 }, () => {
  it('waits a moment for what a job says after its promise, and tells it before it ends', async () => {
    const { model, job, annotate, watch } = await startJob();
    const { output, end } = watch('--json');
    await expect.poll(output, soon).toContain('running');
    model.promise(job, 1);
    setTimeout(annotate, 900, annotation);
    const { code } = await end;
    expect(code).toBe(10);
    const news = newsOf(output());
    expect(news.map(({ type }) => type)).toEqual(['status', 'status', 'promised', 'evidence', 'end']);
    expect(news[3]).toMatchObject({
      job: { id: job.id, name: 'Unit tests', url: expect.stringContaining(job.id) },
      evidence: { source: 'annotation', testsOmitted: 3 },
    });
    expect(news[3].evidence.tests[0]).toMatchObject(test);
    expect(news[3].evidence.rerun[0]).toEqual(rerun);
    expect(news[4].report.failingJobs[0].evidence.tests[0]).toMatchObject(test);
  });

  it('hands it to the command of --on-failing', async () => {
    const { model, job, annotate, watch } = await startJob();
    const folder = mkdtempSync(join(tmpdir(), 'watch-'));
    onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
    const { output, end } = watch('--on-failing', `cat > '${folder}/report.json'`);
    await expect.poll(output, soon).toContain('running');
    model.promise(job, 1);
    setTimeout(annotate, 300, annotation);
    expect((await end).code).toBe(10);
    const report = JSON.parse(readFileSync(join(folder, 'report.json'), 'utf8'));
    expect(report.failingJobs[0].evidence.tests[0]).toMatchObject(test);
  });

  it('tells it to people in a few lines', async () => {
    const { model, job, annotate, watch } = await startJob();
    annotate(annotation);
    model.promise(job, 1);
    const { output } = await watch().end;
    expect(output).toContain(
      [
        'Unit tests failed in',
        '    ✗ packages/cart/test/broken.test.js',
        '      SyntaxError: Unexpected token',
        '    ✗ Checkout > pays by card  packages/cart/test/checkout.test.js:14',
        '      expect(received).toBe(expected) // Object.is equality',
        '    ✗ Cart > <b>adds</b> & `ticks`  packages/cart/test/cart.test.js',
        '    and 3 more',
        `    (cd packages/cart && ${rerun.command})`,
      ].join('\n'),
    );
  });

  it('tells it again at the end of the job, if there is more', async () => {
    const { model, job, annotate, watch } = await startJob();
    const [first = ''] = annotation.split('<details><summary><b>Cart');
    annotate(first);
    model.promise(job, 1);
    const { output, end } = watch('--json', '--until', 'finished');
    await expect.poll(output, soon).toContain('"evidence"');
    annotate(annotation);
    model.finish(job, { exitStatus: 1 });
    expect((await end).code).toBe(9);
    const told = newsOf(output()).filter(({ type }) => type === 'evidence');
    expect(told.map(({ evidence }) => evidence.tests.length)).toEqual([1, 2]);
  });

  it('exits a moment later where a job says nothing, and asks for nothing with --evidence-wait 0', async () => {
    const { model, job, watch, asked } = await startJob();
    model.promise(job, 1);
    const begun = performance.now();
    const silent = await watch('--json', '--evidence-wait', '1').end;
    expect(silent.code).toBe(10);
    expect(performance.now() - begun).toBeLessThan(8000);
    expect(silent.output).not.toContain('evidence');
    const made = asked();
    expect(made).toBeGreaterThanOrEqual(4);
    expect((await watch('--json', '--evidence-wait', '0').end).code).toBe(10);
    expect(asked()).toBe(made);
  });

  it('takes the evidence file, if that is an artifact already', async () => {
    const promise = { promised_exit_status: 1, promised_exit_status_at: '2026-06-03T04:15:41.618Z' };
    const made = await startHandMade(
      makeBuild(1, 'failing', { failing_at: '2026-06-03T04:15:41.700Z' }, [
        makeJob('j1', 'running', promise),
      ]),
    );
    const artifact = { id: 'a1', path: 'evidence.json', state: 'finished', file_size: 900 };
    made.answers.set('/builds/1/jobs/j1/artifacts', [artifact]);
    made.files.set('a1', evidenceDocument('j1'));
    const env = { ...bare, BUILDKITE_API_URL: made.url, BUILDKITE_API_TOKEN: 't' };
    const { code, output } = await spawnCommand(['watch', 'acme/app/1', '--json'], env).end;
    expect(code).toBe(10);
    const evidence = newsOf(output).find(({ type }) => type === 'evidence')?.evidence;
    expect(evidence).toMatchObject({ source: 'artifact', tests: [{ ...test, rerun }], rerun: [rerun] });
  });
});
