import { execFileSync } from 'node:child_process';
import {
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { lt } from 'semver';
import { afterEach, describe, expect, test } from 'vitest';
import type { ConfiguredRunner } from '../harness/runners.ts';
import { testedRunner } from '../harness/target.ts';
import { openRepository, type Repository, source, sourcePath, testPath } from './ordered-run.ts';

const letters = 'abcdefgh';
const on = { PROMISE_FAILURE_ORDER: 'red-first', PROMISE_FAILURE_BASE: 'main' };
const sorted = (text: string) => [...text].sort().join('');

type Mode = readonly [name: string, args: readonly string[], config: string];

/** Ways to run that choose, group or shuffle tests themselves. */
const modes: Readonly<Record<ConfiguredRunner, readonly Mode[]>> = {
  jest: [
    ['runInBand', ['--runInBand'], '{}'],
    ['workers', [], '{ maxWorkers: 2 }'],
    ['randomize', ['--randomize', '--seed=7'], '{}'],
    [
      'projects',
      [],
      `{ projects: [{ displayName: 'one', transform: {} }, { displayName: 'two', transform: {} }] }`,
    ],
    ['onlyChanged', ['--changedSince=main'], '{}'],
    ['a filter by name', ['-t', 'h'], '{}'],
  ],
  vitest: [
    ['workers', [], '{ maxWorkers: 2 }'],
    ['no isolation', [], '{ isolate: false }'],
    ['shuffle', [], '{ sequence: { shuffle: true, seed: 7 } }'],
    ['shuffled files', [], '{ sequence: { shuffle: { files: true }, seed: 7 } }'],
    ['projects', [], `{ projects: [{ test: { name: 'one' } }, { test: { name: 'two', isolate: false } }] }`],
    ['changed', ['--changed=main'], '{}'],
    ['a filter by name', ['-t', 'h'], '{}'],
  ],
  playwright: [
    ['workers', [], '{ workers: 2 }'],
    ['fullyParallel', [], '{ fullyParallel: true }'],
    ['projects', [], `{ projects: [{ name: 'one' }, { name: 'two' }] }`],
    [
      'dependencies',
      [],
      `{ projects: [{ name: 'set-up', testMatch: /[cd].spec/ }, { name: 'main', testIgnore: /[cd].spec/, dependencies: ['set-up'] }] }`,
    ],
    ['repeatEach', [], '{ repeatEach: 2 }'],
    ['retries', [], '{ retries: 1 }'],
    ['only-changed', ['--only-changed=main'], '{}'],
    ['a filter by name', ['-g', 'h'], '{}'],
  ],
};

/** What red first does beside every runner, with it and without it; a sample of it on versions of the matrix. */
export function describeOrder(runner: ConfiguredRunner, sharded: 'all' | 'inside'): void {
  describe(`red first in ${runner}`, () => {
    const { version, setup } = testedRunner(runner);
    const isSample = setup.runnerDir !== undefined;
    const open: Repository[] = [];
    const repository = () => {
      const opened = openRepository(runner, letters);
      open.push(opened);
      return opened;
    };
    afterEach(() => {
      for (const opened of open.splice(0)) opened.remove();
    });

    if (runner === 'playwright' && lt(version, '1.62.0')) {
      test('says once that it cannot, and runs and remembers as ever', async () => {
        const repo = repository();
        repo.commit({ [sourcePath(runner, 'h')]: source(runner, 0) });
        const plain = await repo.run();
        const asked = await repo.run({ env: { ...on, PROMISE_FAILURE_HISTORY: 'history.json' } });
        expect([asked.exitCode, asked.ran]).toEqual([plain.exitCode, plain.ran]);
        expect(asked.stderr.match(/promise-failure: .*/g)).toEqual([
          'promise-failure: warning: order needs Playwright 1.62 or newer: its own order stays',
        ]);
        expect(existsSync(join(repo.dir, 'history.json'))).toBe(true);
      });
      return;
    }

    test('changed tests run first, then those that reach the change, nearer before farther', async () => {
      const repo = repository();
      repo.commit({
        [sourcePath(runner, 'g')]: source(runner, 0),
        [sourcePath(runner, 'e')]: source(runner, 'h'),
        [testPath(runner, 'd')]:
          `${readFileSync(join(repo.dir, testPath(runner, 'd')), 'utf8')}\n// touched\n`,
      });
      repo.git('branch', '-f', 'main', 'HEAD');
      repo.commit({
        [sourcePath(runner, 'h')]: source(runner, 0),
        [testPath(runner, 'f')]:
          `${readFileSync(join(repo.dir, testPath(runner, 'f')), 'utf8')}\n// touched\n`,
      });
      const plain = await repo.run();
      const ordered = await repo.run({ env: on });
      expect(ordered.stderr).toContain('red first: 1 changed, 2 related, 0 failed lately, of 8 files');
      expect(ordered.ran.startsWith('fhe')).toBe(true);
      expect(sorted(ordered.ran)).toBe(sorted(plain.ran));
      expect(ordered.exitCode).toBe(plain.exitCode);
      expect(plain.stderr).not.toContain('red first');
    });

    test('what failed lately runs first, and a run of some files forgets nothing of the others', async () => {
      const repo = repository();
      const env = { ...on, PROMISE_FAILURE_HISTORY: 'history.json' };
      repo.commit({ [sourcePath(runner, 'g')]: source(runner, 0) });
      repo.git('branch', '-f', 'main', 'HEAD');
      expect((await repo.run({ env })).exitCode).toBe(1);
      await repo.run({ env, args: [testPath(runner, 'b')] });
      repo.commit({ [sourcePath(runner, 'g')]: source(runner, 1) });
      repo.git('branch', '-f', 'main', 'HEAD');
      const ordered = await repo.run({ env });
      expect(ordered.stderr).toContain('red first: 0 changed, 0 related, 1 failed lately, of 8 files');
      expect(ordered.ran[0]).toBe('g');
      expect(ordered.exitCode).toBe(0);
    });

    test.skipIf(isSample)('a run of some tests forgets no time of a whole file', async () => {
      const repo = repository();
      const env = { ...on, PROMISE_FAILURE_HISTORY: 'history.json' };
      const timeOf = () => {
        const { files } = JSON.parse(readFileSync(join(repo.dir, 'history.json'), 'utf8'));
        return files[testPath(runner, 'b')].ms;
      };
      await repo.run({ env });
      const whole = timeOf();
      expect(whole).toBeGreaterThanOrEqual(0);
      const byName = { jest: '-t', vitest: '-t', playwright: '-g' }[runner];
      await repo.run({ env, args: [byName, 'b'] });
      expect(timeOf()).toBe(whole);
    });

    test.skipIf(isSample)('a run that bails remembers what failed', async () => {
      const repo = repository();
      repo.commit({ [sourcePath(runner, 'c')]: source(runner, 0) });
      repo.git('branch', '-f', 'main', 'HEAD');
      const env = { ...on, PROMISE_FAILURE_HISTORY: 'history' };
      const bail = { jest: '--bail', vitest: '--bail=1', playwright: '-x' }[runner];
      expect((await repo.run({ env, args: [bail] })).exitCode).toBe(1);
      const again = await repo.run({ env, args: [bail] });
      expect(again.ran[0]).toBe('c');
      expect(readdirSync(join(repo.dir, 'history'))).toHaveLength(1);
    });

    test('every test runs in exactly one of 1 to 5 shards that remember different failures', async () => {
      const repo = repository();
      for (const total of isSample ? [3] : [1, 2, 3, 4, 5]) {
        const ran: string[] = [];
        for (let current = 1; current <= total; current++) {
          const failed = [...letters].filter((_, at) => at % total === current - 1 || at % 3 === current % 3);
          writeFileSync(join(repo.dir, 'history.json'), historyOf(runner, failed));
          const env = { ...on, PROMISE_FAILURE_HISTORY: 'history.json' };
          const args = [`--shard=${current}/${total}`];
          const plain = await repo.run({ args });
          const ordered = await repo.run({ args, env });
          expect(sorted(ordered.ran)).toBe(sorted(plain.ran));
          expect(ordered.exitCode).toBe(0);
          if (sharded === 'all') expect(ordered.stderr).toContain('failed lately, of');
          ran.push(ordered.ran);
        }
        expect(sorted(ran.join(''))).toBe(letters);
      }
    });

    if (isSample) return;

    test.each([
      [
        'a cut history',
        (path: string) => writeFileSync(path, historyOf(runner, ['a']).slice(0, 60)),
        /is cut short: it is left out/,
      ],
      [
        'a history of another version',
        (path: string) => writeFileSync(path, '{"promiseFailureHistory":9,"files":{}}'),
        /has version 9, expected version 1: it is left out/,
      ],
      [
        'a history of 100 MB',
        (path: string) => {
          writeFileSync(path, '');
          truncateSync(path, 100_000_000);
        },
        /has 95 MiB, at most 8 MiB are read: it is left out/,
      ],
    ])('%s is told in one line and harms nothing', async (_, spoil, line) => {
      const repo = repository();
      spoil(join(repo.dir, 'history.json'));
      const result = await repo.run({ env: { ...on, PROMISE_FAILURE_HISTORY: 'history.json' } });
      expect(result.exitCode).toBe(0);
      expect(result.stderr.match(/promise-failure: warning: .*/g)).toEqual([expect.stringMatching(line)]);
      expect(sorted(result.ran)).toBe(letters);
    });

    test('a base branch that does not exist is told in one line and harms nothing', async () => {
      const result = await repository().run({ env: { ...on, PROMISE_FAILURE_BASE: 'mian' } });
      expect(result.exitCode).toBe(0);
      expect(result.stderr.match(/promise-failure: warning: .*/g)).toEqual([
        expect.stringMatching(/base is "mian"/),
      ]);
      expect(sorted(result.ran)).toBe(letters);
    });

    test('on a detached head the change is known', async () => {
      const repo = repository();
      repo.commit({ [sourcePath(runner, 'h')]: source(runner, 0) });
      repo.git('checkout', '-q', '--detach');
      expect((await repo.run({ env: on })).ran[0]).toBe('h');
    });

    const quiet = { ...on, PROMISE_FAILURE_DEBUG: 'true' };

    test('a shallow clone does without the change, and says so at debug', async () => {
      const repo = repository();
      repo.commit({ [sourcePath(runner, 'h')]: source(runner, 0) });
      const bare = join(repo.dir, 'history-clone');
      const git = (...args: string[]) => execFileSync('git', args, { cwd: repo.dir, stdio: 'ignore' });
      git('clone', '-q', '--depth=1', '--branch=topic', `file://${repo.dir}`, bare);
      git('-C', bare, 'fetch', '-q', '--depth=1', 'origin', 'main:refs/remotes/origin/main');
      rmSync(join(repo.dir, '.git'), { recursive: true });
      renameSync(join(bare, '.git'), join(repo.dir, '.git'));
      rmSync(bare, { recursive: true });
      const result = await repo.run({ env: quiet });
      expect(result.stderr).toMatch(/debug: the change is not known: .*no merge base/);
      expect(result.stderr).not.toContain('warning');
      expect(sorted(result.ran)).toBe(letters);
    });

    test('without git it does without the change, and says so at debug', async () => {
      const result = await repository().run({ env: { ...quiet, PATH: '/nowhere' } });
      expect(result.stderr).toContain('debug: the change is not known: there is no git');
      expect(result.stderr).not.toContain('promise-failure: warning');
      expect(result.exitCode).toBe(0);
      expect(sorted(result.ran)).toBe(letters);
    });

    test.each(modes[runner])('%s runs the same tests with and without it', async (_, args, config) => {
      const repo = repository();
      const main = { [sourcePath(runner, 'b')]: source(runner, 0) };
      repo.commit(main);
      repo.git('branch', '-f', 'main', 'HEAD');
      repo.commit({ [sourcePath(runner, 'h')]: source(runner, 0) });
      const plain = await repo.run({ args, config });
      const ordered = await repo.run({ args, config, env: on });
      expect(sorted(ordered.ran)).toBe(sorted(plain.ran));
      expect(ordered.exitCode).toBe(plain.exitCode);
      expect(ordered.stderr).toContain('red first: ');
    });

    test('a wrong word for the order is told, and the own order stays', async () => {
      const repo = repository();
      const result = await repo.run({ env: { PROMISE_FAILURE_ORDER: 'green-first' } });
      expect(result.stderr).toContain(
        `PROMISE_FAILURE_ORDER is "green-first", expected 'off' or 'red-first'`,
      );
      expect(result.exitCode).toBe(0);
      expect(existsSync(join(repo.dir, 'history'))).toBe(false);
    });
  });
}

function historyOf(runner: ConfiguredRunner, failed: readonly string[]): string {
  const at = Date.now();
  const entries = failed.map((letter) => [
    testPath(runner, letter),
    { ms: 5, at, failures: [{ run: 'r', at, branch: '', flaky: false, ms: 1 }] },
  ]);
  return JSON.stringify({ promiseFailureHistory: 1, files: Object.fromEntries(entries) });
}
