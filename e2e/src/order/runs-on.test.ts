import { cpSync, existsSync, readFileSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, describe, expect, it, onTestFinished } from 'vitest';
import { type ConfiguredRunner, e2eFolder } from '../harness/runners.ts';
import { openRepository, type Repository, source, sourcePath, testPath } from './ordered-run.ts';

const on = { PROMISE_FAILURE_ORDER: 'red-first', PROMISE_FAILURE_BASE: 'main' };
const runnerNames: readonly ConfiguredRunner[] = ['jest', 'vitest', 'playwright'];
const sorted = (text: string) => [...text].sort().join('');

const open: Repository[] = [];
function repository(runner: ConfiguredRunner): Repository {
  const opened = openRepository(runner, 'abcdefgh');
  open.push(opened);
  return opened;
}
afterEach(() => {
  for (const opened of open.splice(0)) opened.remove();
});

describe.each([
  ['jest', ['--watchAll'], 8],
  ['vitest', ['watch'], 1],
] as const)('%s in watch mode', (runner, command, again) => {
  it('runs the change first, runs again on a save, and remembers nothing', async () => {
    const repo = repository(runner);
    repo.commit({ [sourcePath(runner, 'g')]: source(runner, 0) });
    const watched = repo.watch({ command, env: { ...on, PROMISE_FAILURE_HISTORY: 'history.json' } });
    try {
      const first = await watched.ran(8);
      expect([first[0], sorted(first)]).toEqual(['g', 'abcdefgh']);
      // Watching begins when the run has ended, and nothing tells of that.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      repo.write({ [sourcePath(runner, 'c')]: source(runner, 0) });
      const second = (await watched.ran(8 + again)).slice(8);
      expect([...second].sort()).toEqual(again === 1 ? ['c'] : [...'abcdefgh']);
      expect(again === 1 || sorted(second.slice(0, 2)) === 'cg').toBe(true);
    } finally {
      await watched.end();
    }
    expect(existsSync(join(repo.dir, 'history.json'))).toBe(false);
  });
});

describe.each(runnerNames)('%s', (runner) => {
  const bail = { jest: '--bail', vitest: '--bail=1', playwright: '-x' }[runner];

  it('ends at the first failure with --bail as before, and sooner', async () => {
    const repo = repository(runner);
    const last = (await repo.run()).ran.slice(-1);
    repo.commit({ [sourcePath(runner, last)]: source(runner, 0) });
    const plain = await repo.run({ args: [bail] });
    const ordered = await repo.run({ args: [bail], env: on });
    expect(ordered.exitCode).toBe(plain.exitCode);
    expect(ordered.ran[0]).toBe(last);
    expect(ordered.ran.length).toBeLessThan(plain.ran.length);
    expect(new Set(ordered.ran).size).toBe(ordered.ran.length);
  });

  it('writes the same snapshots', async () => {
    const snapshot = {
      jest: `test('shot', () => { expect({ at: 1 }).toMatchSnapshot(); });\n`,
      vitest: `import { expect, test } from 'vitest';\ntest('shot', () => { expect({ at: 1 }).toMatchSnapshot(); });\n`,
      playwright: `import { expect, test } from '@playwright/test';\ntest('shot', () => { expect('one').toMatchSnapshot('shot.txt'); });\n`,
    }[runner];
    const repo = repository(runner);
    repo.commit({ [testPath(runner, 's')]: snapshot });
    const args = { jest: ['--ci=false'], vitest: ['-u'], playwright: ['-u'] }[runner];
    const place = {
      jest: `__snapshots__/${testPath(runner, 's')}.snap`,
      vitest: `__snapshots__/${testPath(runner, 's')}.snap`,
      playwright: `${testPath(runner, 's')}-snapshots/shot-linux.txt`,
    }[runner];
    const shots: string[] = [];
    for (const env of [{}, on]) {
      await repo.run({ args, env });
      shots.push(readFileSync(join(repo.dir, place), 'utf8'));
      repo.git('clean', '-fdq');
    }
    expect(shots[1]).toBe(shots[0]);
    expect((await repo.run({ env: on, args })).exitCode).toBe(0);
  });

  it('loads nothing of red first while it is off', async () => {
    const base = join(e2eFolder, '.tmp', `without-order-${process.pid}-${runner}`);
    onTestFinished(() => rmSync(base, { recursive: true, force: true, maxRetries: 5 }));
    for (const name of [runner, 'core']) {
      for (const path of ['package.json', 'dist']) {
        const from = join(dirname(e2eFolder), 'packages', name, path);
        cpSync(from, join(base, 'node_modules/@promise-failure', name, path), { recursive: true });
      }
    }
    const repo = openRepository(runner, 'ab', base);
    const off = { PROMISE_FAILURE_ORDER: 'off', PROMISE_FAILURE_HISTORY: 'history.json' };
    for (const env of [{}, off]) {
      const { exitCode, stderr } = await repo.run({ env });
      expect([exitCode, stderr]).toEqual([0, expect.not.stringContaining('promise-failure')]);
    }
    const missing = await repo.run({ env: on });
    expect(missing.stderr).toMatch(/the order of tests stays as it is: .*@promise-failure.order/);
    expect([missing.exitCode, sorted(missing.ran)]).toEqual([0, 'ab']);
  });
});

describe('jest without the sequencer', () => {
  it.each([
    ['the option', { options: { order: 'red-first' } }],
    ['the variable', { env: on }],
  ])('says what to add where %s asks for an order', async (_, asked) => {
    const { stderr, exitCode, ran } = await repository('jest').run({
      config: '{ testSequencer: undefined }',
      ...asked,
    });
    expect(stderr.match(/promise-failure: .*/g)).toEqual([
      expect.stringMatching(/warning: order needs testSequencer: '@promise-failure.jest.sequencer'/),
    ]);
    expect([exitCode, sorted(ran)]).toEqual([0, 'abcdefgh']);
  });
});

describe('vitest without the reporter', () => {
  const config = `{ sequence: { sequencer: (await import('@promise-failure/vitest/sequencer')).default } }`;

  it('takes the order from the sequencer, and shards as ever', async () => {
    const repo = repository('vitest');
    repo.commit({ [sourcePath('vitest', 'g')]: source('vitest', 0) });
    const setup = { reporter: false, config } as const;
    const ordered = await repo.run({ ...setup, env: on });
    expect(ordered.stderr).toContain('red first: 0 changed, 1 related, 0 failed lately, of 8 files');
    expect([ordered.ran[0], sorted(ordered.ran), ordered.exitCode]).toEqual(['g', 'abcdefgh', 1]);
    for (const shard of ['--shard=1/2', '--shard=2/2']) {
      const plain = await repo.run({ reporter: false, args: [shard] });
      const part = await repo.run({ ...setup, args: [shard], env: on });
      expect(sorted(part.ran)).toBe(sorted(plain.ran));
    }
  });

  it('keeps the own order of Vitest where nobody asks', async () => {
    const repo = repository('vitest');
    repo.commit({ [sourcePath('vitest', 'g')]: source('vitest', 0) });
    const plain = await repo.run({ reporter: false });
    const beside = await repo.run({ reporter: false, config });
    expect(beside.ran).toBe(plain.ran);
    expect(beside.stderr).not.toContain('red first');
  });

  it('says its line once beside the reporter', async () => {
    const repo = repository('vitest');
    repo.commit({ [sourcePath('vitest', 'g')]: source('vitest', 0) });
    const { stderr, ran } = await repo.run({ config, env: on });
    expect(stderr.match(/red first: /g)).toHaveLength(1);
    expect(ran[0]).toBe('g');
  });
});

describe('playwright', () => {
  it('keeps the order of a shard whose part another order would change, and says so', async () => {
    const repo = repository('playwright');
    const config = `{ projects: [{ name: 'first', testMatch: /[ab].spec/ }, { name: 'then', testIgnore: /[ab].spec/, dependencies: ['first'] }] }`;
    repo.commit({ [sourcePath('playwright', 'h')]: source('playwright', 0) });
    for (const shard of ['--shard=1/2', '--shard=2/2']) {
      const plain = await repo.run({ config, args: [shard] });
      const ordered = await repo.run({ config, args: [shard], env: on });
      expect([ordered.ran, ordered.exitCode]).toEqual([plain.ran, plain.exitCode]);
      expect(ordered.stderr).toContain('red first: this shard keeps its order');
    }
  });

  it('leaves serial groups whole', async () => {
    const repo = repository('playwright');
    const serial = (name: string, fails: boolean) =>
      `import fs from 'node:fs';\nimport { expect, test } from '@playwright/test';\nimport value from './${name}.mjs';
test.describe.configure({ mode: 'serial' });
for (const step of [1, 2, 3]) test('${name} ' + step, () => { fs.appendFileSync('trace', '${name}' + step); expect(${fails} && step === 2).toBe(false); expect(value).toBeDefined(); });\n`;
    repo.commit({
      [testPath('playwright', 'c')]: serial('c', false),
      [testPath('playwright', 'f')]: serial('f', true),
    });
    repo.git('branch', '-f', 'main', 'HEAD');
    repo.commit({ [sourcePath('playwright', 'f')]: source('playwright', 2) });
    for (const config of ['{}', '{ fullyParallel: true }', '{ retries: 1 }']) {
      const plain = await repo.run({ config });
      const ordered = await repo.run({ config, env: on });
      expect(plain.ran).toContain('c1c2c3');
      expect(ordered.ran).toContain('c1c2c3');
      expect(ordered.ran.startsWith('f1f2')).toBe(true);
      expect([ordered.exitCode, sorted(ordered.ran)]).toEqual([plain.exitCode, sorted(plain.ran)]);
    }
  });
});
