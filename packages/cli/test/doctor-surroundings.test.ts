import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { diagnose, makeFolder, startPatient } from './patients.ts';
import { spawnCommand } from './spawn-command.ts';

const dry = { PATH: process.env.PATH, PROMISE_FAILURE: 'dry-run' };
const named = "module.exports = { reporters: ['default', '@promise-failure/jest'] };\n";
const turboLine =
  'add to turbo.json: "globalPassThroughEnv": ["BUILDKITE", "BUILDKITE_*", "PROMISE_FAILURE", "PROMISE_FAILURE_*"]';

describe('the doctor, of reporter and surroundings', { timeout: 60_000 }, () => {
  it.each([
    ['jest.config.js', "module.exports = { reporters: ['default'] };", '@promise-failure/jest'],
    ['jest.config.js', "// reporters: ['@promise-failure/jest']\n", '@promise-failure/jest'],
    ['jest.config.js', "/* '@promise-failure/jest' */ module.exports = {}", '@promise-failure/jest'],
    ['package.json', '{ "jest": {} }', '@promise-failure/jest'],
    ['package.json', '{ "scripts": { "test": "node --import tsx --test" } }', '@promise-failure/node-test'],
    ['vitest.config.ts', 'export default {}', '@promise-failure/vitest'],
    ['playwright.config.ts', 'export default {}', '@promise-failure/playwright'],
  ])('finds that %s does not name the reporter', async (name, text, reporter) => {
    const { problems } = await diagnose({ env: dry, folder: makeFolder({ [name]: text }) });
    const says = `${name} does not name ${reporter}`;
    expect(problems).toMatchObject([{ check: 'reporter', says, todo: expect.stringContaining(reporter) }]);
  });

  it('looks into the file that a script of node:test names as its reporter', async () => {
    const script = 'node --test --test-reporter=./reporter.mjs --test-reporter-destination=stderr';
    const files = {
      'package.json': JSON.stringify({ scripts: { test: script } }),
      'reporter.mjs': 'export {}',
    };
    const { find } = await diagnose({ env: dry, folder: makeFolder(files) });
    expect(find('reporter')?.says).toBe('reporter.mjs does not name @promise-failure/node-test');
  });

  it('finds that there is no configuration', async () => {
    const { find } = await diagnose({ env: dry, folder: makeFolder({}) });
    expect(find('reporter')).toMatchObject({
      status: 'problem',
      todo: expect.stringContaining('doctor <folder>'),
    });
  });

  it('finds a reporter that is not installed, one that cannot be loaded, and a runner that it does not know', async () => {
    const config = { 'jest.config.js': named };
    // In a process of its own: this one may find packages by NODE_PATH.
    const absent = await spawnCommand(['doctor', makeFolder(config, false), '--json'], dry).end;
    expect(JSON.parse(absent.output).checks).toContainEqual({
      ...{ check: 'reporter', status: 'problem', todo: 'npm install --save-dev @promise-failure/jest' },
      says: '@promise-failure/jest is named in jest.config.js, and not installed',
    });
    const own = 'node_modules/@promise-failure/jest';
    const broken = {
      ...config,
      [`${own}/package.json`]: '{ "type": "module", "exports": "./index.js" }',
      [`${own}/index.js`]: 'throw new Error("half of it is missing");',
    };
    const unloadable = await diagnose({ env: dry, folder: makeFolder(broken, false) });
    expect(unloadable.find('reporter')?.says).toContain('cannot be loaded: half of it is missing');
    const old = { ...config, 'node_modules/jest/package.json': '{ "version": "27.5.1" }' };
    const unfit = await diagnose({ env: dry, folder: makeFolder(old) });
    expect(unfit.find('reporter')?.says).toContain('jest 27.5.1 is none that @promise-failure/jest knows');
  });

  it('finds that Turborepo keeps variables away, from inside and from its file', async () => {
    const inside = await diagnose({ env: { PATH: dry.PATH, TURBO_HASH: 'f00' } });
    expect(inside.find('flag')?.todo).toContain(turboLine);
    expect(inside.find('job')).toMatchObject({ status: 'problem', todo: turboLine });
    const of = (more: string, script = 'turbo run test') =>
      makeFolder({
        ...{ 'jest.config.js': named, 'turbo.json': `{ ${more} "tasks": { "test": {} } }` },
        'package.json': JSON.stringify({ scripts: { test: script } }),
      });
    const comment = '// "BUILDKITE_*", "PROMISE_FAILURE_*"\n';
    const outside = await diagnose({ env: dry, folder: of(comment) });
    expect(outside.find('turbo')).toMatchObject({ status: 'problem', todo: turboLine });
    const perhaps = await diagnose({ env: dry, folder: of(comment, 'jest') });
    expect(perhaps.find('turbo')).toMatchObject({ status: 'note', todo: turboLine });
    for (const more of [`${turboLine.replace('add to turbo.json: ', '')},`, '"envMode": "loose",']) {
      expect((await diagnose({ env: dry, folder: of(more) })).find('turbo')?.status).toBe('ok');
    }
  });

  it('finds that bktec leaves the reporter out by its default command for Vitest', async () => {
    const bktec = {
      ...{ BUILDKITE_TEST_ENGINE_TEST_RUNNER: 'vitest', BUILDKITE_TEST_ENGINE_RETRY_COUNT: '1' },
      ...{ PROMISE_FAILURE_MUTED_SUITE: 'none' },
    };
    const { find } = await diagnose({ env: { ...dry, ...bktec } });
    expect(find('bktec')).toMatchObject({
      ...{ status: 'problem', says: "bktec's command names reporters and none of ours" },
      todo: expect.stringMatching(
        /^set BUILDKITE_TEST_ENGINE_TEST_CMD=.*--reporter=@promise-failure\/vitest/,
      ),
    });
    const command = 'npx vitest run --reporter=@promise-failure/vitest';
    const own = { BUILDKITE_TEST_ENGINE_TEST_CMD: command, BUILDKITE_TEST_ENGINE_RETRY_CMD: command };
    expect((await diagnose({ env: { ...dry, ...bktec, ...own } })).find('bktec')).toBeUndefined();
  });

  it('finds what may turn a failed run green', async () => {
    const flippers = {
      'Datadog Test Optimization': { NODE_OPTIONS: '-r dd-trace/ci/init' },
      'Nx Cloud': { NX_TASK_TARGET_PROJECT: 'cart', NX_CLOUD_ACCESS_TOKEN: 't' },
      'our own wrapper': { PROMISE_FAILURE_EXIT_WRAPPER: 'our own wrapper' },
    };
    for (const [name, env] of Object.entries(flippers)) {
      const { find } = await diagnose({ env: { ...dry, ...env } });
      expect(find('layers')).toMatchObject({ status: 'problem', says: expect.stringContaining(name) });
    }
  });

  it('tells of outer retries', async () => {
    const { find, problems } = await diagnose({ env: { ...dry, PROMISE_FAILURE_OUTER_RETRIES: '2' } });
    expect(find('layers')).toMatchObject({ status: 'note', says: expect.stringContaining('up to 2 times') });
    expect(problems).toEqual([]);
  });

  it('finds muted tests that cannot be had', async () => {
    const folder = makeFolder({ 'jest.config.js': named, 'muted.json': '["Checkout > pays*"]' });
    const env = { ...dry, PROMISE_FAILURE_MUTED_FILE: 'muted.json' };
    expect((await diagnose({ env, folder })).find('muted')).toMatchObject({
      ...{ status: 'ok', says: expect.stringMatching(/muted.json: 1 entry$/) },
    });
    for (const more of [
      { PROMISE_FAILURE_MUTED_FILE: 'gone.json' },
      { PROMISE_FAILURE_MUTED_SUITE: 'acme/web' },
    ]) {
      const { find } = await diagnose({ env: { ...dry, ...more }, folder });
      expect(find('muted')).toMatchObject({
        status: 'problem',
        says: expect.stringContaining('cannot be had'),
      });
    }
  });

  it('finds a clone too shallow for the order by change', async () => {
    const origin = makeFolder({ 'jest.config.js': named });
    const git = (cwd: string, ...args: string[]) =>
      execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@b.c', ...args], { cwd, stdio: 'pipe' });
    git(origin, 'init', '-q', '-b', 'main');
    for (const message of ['one', 'two']) git(origin, 'commit', '-q', '--allow-empty', '-m', message);
    git(origin, 'checkout', '-q', '-b', 'topic');
    git(origin, 'commit', '-q', '--allow-empty', '-m', 'three');
    const folder = makeFolder({});
    git(folder, 'clone', '-q', '--depth=1', `file://${origin}`, 'clone', '-b', 'topic');
    const ordered = {
      ...{ ...dry, PROMISE_FAILURE_ORDER: 'red-first', BUILDKITE_JOB_ID: 'j', BUILDKITE_BRANCH: 'topic' },
      BUILDKITE_PIPELINE_DEFAULT_BRANCH: 'main',
    };
    const shallow = await diagnose({ env: ordered, folder: join(folder, 'clone') });
    expect(shallow.find('order')).toMatchObject({
      ...{ status: 'problem', todo: expect.stringContaining('git fetch --unshallow') },
    });
    expect((await diagnose({ env: ordered, folder: origin })).find('order')?.status).toBe('ok');
    expect((await diagnose({ env: dry, folder: origin })).find('order')).toBeUndefined();
  });
});

describe('promise-failure doctor', { timeout: 60_000 }, () => {
  it('exits with 0 only if all is well, and says what to do in a few lines', async () => {
    const { env } = await startPatient();
    const folder = makeFolder();
    const well = await spawnCommand(['doctor', folder], { ...env, NO_COLOR: '1' }).end;
    expect(well.code).toBe(0);
    expect(well.output).toContain('A promise would work here.');
    expect(well.output.trim().split('\n').length).toBeLessThan(12);
    const off = { ...env, NO_COLOR: '1', PROMISE_FAILURE: 'false' };
    const unwell = await spawnCommand(['doctor'], off, folder).end;
    expect(unwell.code).toBe(1);
    expect(unwell.output).toContain(
      '✗ flag         PROMISE_FAILURE is false\n               → set PROMISE_FAILURE: "true"',
    );
    expect(unwell.output).toContain('A promise would not work here as it should: 1 problem.');
    expect(unwell.errors).toBe('');
  });

  it('says the same as JSON', async () => {
    const { code, output } = await spawnCommand(['doctor', makeFolder(), '--json'], dry).end;
    expect(code).toBe(0);
    const { ok, checks } = JSON.parse(output);
    expect(ok).toBe(true);
    expect(checks[0]).toEqual({
      ...{ check: 'flag', status: 'ok', says: 'a dry run is asked for: nothing will be sent' },
    });
  });
});
