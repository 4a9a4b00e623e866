import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createModel, createStep, type Model, systemClock } from '@promise-failure/simulator';
import { startRestApi, startWebhooks } from '@promise-failure/simulator/rest';
import { describe, expect, it, onTestFinished } from 'vitest';
import { annotation } from '../../build-runner/test/annotation.ts';
import { freePort } from './free-port.ts';

const cliFolder = join(import.meta.dirname, '..');
const repository = join(cliFolder, '../..');
const place = { organization: 'acme', pipeline: 'shop' };

/** The recipe's blocks of one language, as they stand on its page. */
function blocks(recipe: string, language: string): string[] {
  const page = readFileSync(join(repository, 'docs/recipes', `${recipe}.md`), 'utf8');
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\``, 'gms'))].map(
    ([, code]) => code ?? '',
  );
}

/** A folder from which the packages can be imported. */
function makeFolder(): string {
  mkdirSync(join(cliFolder, '.tmp'), { recursive: true });
  const folder = mkdtempSync(join(cliFolder, '.tmp', 'recipe-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

async function startBuildkite() {
  const model = createModel({ clock: systemClock });
  const rateLimit = { requests: 10_000, windowMs: 60_000 };
  const api = await startRestApi({ ...place, model, rateLimit });
  onTestFinished(() => api.close());
  return { model, env: { BUILDKITE_API_URL: api.url, BUILDKITE_API_TOKEN: api.token } };
}

function addJob(model: Model, number: number, label: string) {
  const build = model.builds.get(number);
  if (build === undefined) throw new Error(`no build ${number}`);
  const job = model.addJob(build, { step: createStep({ label, command: 'true' }) });
  model.start(job);
  model.seal(build);
  return job;
}

function run(command: string, args: readonly string[], cwd: string, env: Record<string, string>) {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    output += chunk;
  });
  onTestFinished(() => void child.kill());
  const exit = new Promise<number | null>((resolve) => child.once('close', resolve));
  return { exit, output: () => output };
}

function runModule(code: string | undefined, env: Record<string, string>, args: readonly string[] = []) {
  const folder = makeFolder();
  writeFileSync(join(folder, 'recipe.mjs'), code ?? '');
  return run(process.execPath, ['recipe.mjs', ...args], folder, env);
}

const soon = { timeout: 20_000 };

describe('the recipes', { timeout: 60_000 }, () => {
  it('eject a change while its build is failing, and merge one that passes', async () => {
    const { model, env } = await startBuildkite();
    const [code] = blocks('merge-queue', 'js');
    const red = runModule(code, env, ['17', 'HEAD']);
    await expect.poll(() => model.builds.size, soon).toBe(1);
    const job = addJob(model, 1, 'Unit tests');
    model.promise(job, 1);
    await expect.poll(red.output, soon).toBe('eject 17 (Unit tests)\n');
    await expect.poll(() => job.state, soon).toBe('canceling');
    model.finish(job, { exitStatus: 1 });
    expect(await red.exit).toBe(0);

    const green = runModule(code, env, ['18', 'HEAD']);
    await expect.poll(() => model.builds.size, soon).toBe(2);
    model.finish(addJob(model, 2, 'Unit tests'), { exitStatus: 0 });
    expect(await green.exit).toBe(0);
    expect(green.output()).toBe('merge 18\n');
    expect(red.output()).toBe('eject 17 (Unit tests)\n');
  });

  it('start a coding agent at the promise, with all that it needs', async () => {
    const { model, env, watch, folder } = await startAgentRecipe();
    const job = addJob(model, 1, 'Unit tests');
    const build = model.builds.get(1);
    if (build === undefined) throw new Error('no build');
    const { exit } = watch(env);
    model.promise(job, 1);
    setTimeout(() => {
      model.annotate(build, { body: annotation, context: `promise-failure-${job.id}`, style: 'error' });
    }, 500);
    const todo = () => readFileSync(join(folder, 'todo.txt'), { encoding: 'utf8', flag: 'a+' });
    await expect.poll(todo, soon).toContain('check with');
    expect(job.state).toBe('running');
    expect(todo()).toContain(
      'fix Checkout > pays by card (packages/cart/test/checkout.test.js:14): expect(received).toBe(expected)',
    );
    expect(todo()).toContain('fix packages/cart/test/broken.test.js: SyntaxError: Unexpected token');
    expect(todo()).toContain(
      `check with: cd "packages/cart" && npx jest --runTestsByPath test/checkout.test.js -t '^Checkout pays by card$'\n`,
    );
    model.finish(job, { exitStatus: 1 });
    expect(await exit).toBe(9);
    const news = readFileSync(join(folder, 'news.jsonl'), 'utf8').trim().split('\n');
    expect(news.map((line) => JSON.parse(line).type)).toContain('evidence');
  });

  async function startAgentRecipe() {
    const { model, env } = await startBuildkite();
    const folder = makeFolder();
    const [command, script] = blocks('coding-agent', 'sh');
    writeFileSync(join(folder, 'fix.sh'), script ?? '');
    chmodSync(join(folder, 'fix.sh'), 0o755);
    const bin = join(cliFolder, 'bin/promise-failure.js');
    const here = command?.replace(/^promise-failure/, `"${process.execPath}" "${bin}"`);
    model.createBuild();
    const watch = (own: Record<string, string>) =>
      run('/bin/sh', ['-c', here ?? ''], folder, { ...own, BUILD: 'acme/shop/1' });
    return { model, env, watch, folder };
  }

  it('start a coding agent once, also of a job that says nothing', async () => {
    const { model, env, watch, folder } = await startAgentRecipe();
    const job = addJob(model, 1, 'Unit tests');
    const { exit } = watch(env);
    model.promise(job, 3);
    const todo = () => readFileSync(join(folder, 'todo.txt'), { encoding: 'utf8', flag: 'a+' });
    await expect.poll(todo, soon).toContain('fix Unit tests: exit status 3, see its log, https://');
    expect(job.state).toBe('running');
    model.finish(job, { exitStatus: 3 });
    expect(await exit).toBe(9);
    expect(todo().trim().split('\n')).toHaveLength(1);
    const news = readFileSync(join(folder, 'news.jsonl'), 'utf8').trim().split('\n');
    expect(news.map((line) => JSON.parse(line).type)).toContain('promised');
  });

  it('cancel the siblings of a job that promises', async () => {
    const folder = makeFolder();
    const [pipeline] = blocks('cancel-siblings', 'yaml');
    writeFileSync(join(folder, 'pipeline.yml'), pipeline ?? '');
    const test = "buildkite-agent job promise-failure 1 --reason '1 failed' && sleep 1; exit 1";
    const scripts = { test, 'visual-diff': 'sleep 50' };
    writeFileSync(join(folder, 'package.json'), JSON.stringify({ private: true, scripts }));
    const bin = join(repository, 'packages/simulator/bin/promise-failure-simulator.js');
    const args = [bin, 'run', 'pipeline.yml', '--no-live', '--expect', 'failed', '--grace', '1'];
    const { exit, output } = run(process.execPath, args, folder, { NO_COLOR: '1' });
    expect(await exit).toBe(0);
    expect(output()).toMatch(/Visual diff.*cancel/);
  });

  it('notify once of a build that says it often', async () => {
    const { model, env } = await startBuildkite();
    const port = String(await freePort());
    const [code] = blocks('notify-once', 'js');
    const { output } = runModule(code, { ...env, BUILDKITE_WEBHOOK_TOKEN: 'hook', PORT: port });
    const url = `http://127.0.0.1:${port}/`;
    await expect
      .poll(
        () =>
          fetch(url).then(
            (answer) => answer.status,
            () => 0,
          ),
        soon,
      )
      .toBe(405);
    const ten = Array.from({ length: 10 }, (_, index) => index * 10);
    const hooks = startWebhooks({ ...place, model, url, token: 'hook', deliver: () => ten });
    onTestFinished(() => hooks.close());
    model.createBuild();
    const jobs = ['Unit tests'].map((label) => addJob(model, 1, label));
    await new Promise((resolve) => setTimeout(resolve, 1000));
    for (const job of jobs) model.promise(job, 1, 'test_failure (1 failed)');
    await expect.poll(output, soon).toContain('acme/shop/1 is failing (Unit tests');
    for (const job of jobs) model.finish(job, { exitStatus: 1 });
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(output().trim().split('\n')).toHaveLength(1);
  });

  it('serve submitqueue: one build per base and head, told early, cancelled by its id', async () => {
    const { model, env } = await startBuildkite();
    const [code] = blocks('submitqueue', 'js');
    const folder = makeFolder();
    writeFileSync(join(folder, 'runner.mjs'), code ?? '');
    const { createSubmitqueueRunner } = await import(join(folder, 'runner.mjs'));
    const options = {
      ...place,
      queue: 'main',
      baseUrl: env.BUILDKITE_API_URL,
      token: env.BUILDKITE_API_TOKEN,
    };
    const [waiting, early] = [false, true].map((early) => createSubmitqueueRunner({ ...options, early }));
    const id = await waiting.trigger(['change/1'], ['change/2'], { attempt: '1' });
    expect(await early.trigger(['change/1'], ['change/2'], { attempt: '1' })).toBe(id);
    const job = addJob(model, 1, 'Unit tests');
    model.promise(job, 1);
    expect(await waiting.status(id)).toMatchObject({ status: 'running', metadata: { attempt: '1' } });
    expect((await early.status(id)).status).toBe('failed');
    await waiting.cancel(id);
    model.finish(job, { exitStatus: 1 });
    await waiting.cancel(id);
    expect((await waiting.status(id)).status).toBe('cancelled');
    await expect(waiting.status('acme/shop/99')).rejects.toThrow();
  });
});
