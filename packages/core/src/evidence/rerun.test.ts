import { spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import type { RunnerName } from '../vocabulary.ts';
import { namePattern } from './name-pattern.ts';
import { quoteForShell, type RerunTest, rerunCommands } from './rerun.ts';

const setup = (runner: RunnerName, flags: string[] = []) => ({ runner, cwd: '/repo/shop', flags });
const failed = (name: string, more: Partial<RerunTest> = {}): RerunTest => ({
  file: '/repo/shop/test/a.test.js',
  pattern: namePattern(name, (text) => text),
  project: null,
  testLine: 7,
  sharesLine: false,
  ...more,
});

describe('rerunCommands', () => {
  it.each([
    ['jest', ["npx jest --runTestsByPath test/a.test.js -t '^Cart adds$'"]],
    ['vitest', ["npx vitest run test/a.test.js -t '^Cart adds$'"]],
    ['playwright', ['npx playwright test ./test/a.test.js:7']],
    ['node-test', ['node --test test/a.test.js']],
  ] as const)('runs one test of %s', (runner, commands) => {
    expect(rerunCommands(setup(runner), [failed('Cart adds')])).toEqual(commands);
  });

  it.each([
    ['jest', ["npx jest --runTestsByPath test/a.test.js --selectProjects 'shop ui' -t '^(a|b)$'"]],
    ['vitest', ["npx vitest run test/a.test.js '--project=shop ui' -t '^(a|b)$'"]],
    ['playwright', ["npx playwright test ./test/a.test.js:7 ./test/a.test.js:9 '--project=shop ui'"]],
  ] as const)('runs several tests of a file and a project in one go of %s', (runner, commands) => {
    const tests = [failed('a', { project: 'shop ui' }), failed('b', { project: 'shop ui', testLine: 9 })];
    expect(rerunCommands(setup(runner), tests)).toEqual(commands);
  });

  it('runs whole files of node:test, in one go and as Node was started', () => {
    const tests = [failed('a'), failed('b'), failed('c', { file: '/repo/shop/test/b.test.js' })];
    expect(rerunCommands(setup('node-test', ['--import=tsx']), tests, ['/repo/shop/c.test.js'])).toEqual([
      'node --import=tsx --test test/a.test.js test/b.test.js c.test.js',
    ]);
  });

  it('chooses names file by file, so that a namesake in another file is left out', () => {
    const tests = [failed('a'), failed('b', { file: '/repo/shop/test/b.test.js' })];
    expect(rerunCommands(setup('jest'), tests)).toEqual([
      "npx jest --runTestsByPath test/a.test.js -t '^a$'",
      "npx jest --runTestsByPath test/b.test.js -t '^b$'",
    ]);
  });

  it('runs what failed as a file as a whole, and its tests not once more', () => {
    expect(rerunCommands(setup('jest'), [failed('a')], ['/repo/shop/test/a.test.js'])).toEqual([
      'npx jest --runTestsByPath test/a.test.js',
    ]);
  });

  it('chooses tests that a loop has made by line and name', () => {
    const tests = [failed('Cart case 1', { sharesLine: true }), failed('Cart case 3', { sharesLine: true })];
    expect(rerunCommands(setup('playwright'), tests)).toEqual([
      "npx playwright test ./test/a.test.js:7 -g ' (Cart case 1|Cart case 3)( @\\S+)*$'",
    ]);
  });

  it('keeps the configuration that the run was given', () => {
    expect(rerunCommands(setup('vitest', ['--config=unit config.ts']), [failed('a')])).toEqual([
      "npx vitest run '--config=unit config.ts' test/a.test.js -t '^a$'",
    ]);
  });

  it('escapes what Playwright would read as a regular expression in a path', () => {
    const [command] = rerunCommands(setup('playwright'), [failed('a', { file: '/repo/shop/[id].spec.ts' })]);
    expect(command).toBe("npx playwright test './\\[id\\].spec.ts:7'");
  });
});

describe('namePattern', () => {
  it.each([
    'a+b (c) [d] {e} ^f$ g|h i.j k*l m?n o\\p',
    'two\nlines\tand a tab',
    '\u001b[31mred\u001b[39m',
    `'single' "double" \`back\` $HOME !x`,
    '日本語 🎉',
  ])('matches the name %j and none that only resembles it', (name) => {
    const pattern = new RegExp(`^${namePattern(name, (text) => text)}$`);
    expect(name).toMatch(pattern);
    expect(`${name}x`).not.toMatch(pattern);
    expect(pattern.source).not.toMatch(/\n/);
  });

  it('matches anything in place of a secret', () => {
    const pattern = namePattern('logs in with hunter2.', (text) => text.replace('hunter2', '[REDACTED]'));
    expect(pattern).toBe('logs in with .*\\.');
  });

  it('matches a very long name by its beginning', () => {
    const name = 'a'.repeat(100_000);
    const pattern = namePattern(name, (text) => text);
    expect(pattern.length).toBeLessThan(1000);
    expect(name).toMatch(new RegExp(`^${pattern}$`));
  });
});

describe('quoteForShell', () => {
  it.each(['plain', 'a b', "it's", '$HOME `id` $(id) \\ " !', '*', '~', '', '-t', 'a\nb'])(
    'gives %j back to whoever reads it through a shell',
    (word) => {
      const script = `printf %s ${quoteForShell(word)}`;
      expect(spawnSync('/bin/sh', ['-c', script], { encoding: 'utf8' }).stdout).toBe(word);
    },
  );
});
