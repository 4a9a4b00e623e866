import { execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { e2eFolder, findRunner, type RunnerName, runners } from '../harness/runners.ts';
import { testedRunner } from '../harness/target.ts';

/** A repository with one source and one test for each letter; every test writes its letter into `trace`. */
export interface Repository {
  readonly dir: string;
  /** Writes files and commits them. */
  commit(files: Readonly<Record<string, string>>): void;
  git(...args: string[]): void;
  run(setup?: OrderedRun): Promise<OrderedResult>;
  remove(): void;
}

interface OrderedRun {
  readonly args?: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Source of an object literal spread over the configuration. */
  readonly config?: string;
  readonly options?: Readonly<Record<string, unknown>>;
}

interface OrderedResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  /** Letters of the tests that ran, in order. */
  readonly ran: string;
}

const extensions: Readonly<Record<RunnerName, string>> = {
  jest: 'test.cjs',
  vitest: 'test.mjs',
  playwright: 'spec.mjs',
};

/** Source of the test of one letter: it fails when its source does. */
function testSource(runner: RunnerName, letter: string): string {
  const load =
    runner === 'jest'
      ? `const fs = require('node:fs'); const value = require('./${letter}.cjs');`
      : `import fs from 'node:fs'; import value from './${letter}.mjs';`;
  const api = {
    jest: '',
    vitest: `import { expect, test } from 'vitest';`,
    playwright: `import { expect, test } from '@playwright/test';`,
  };
  return `${api[runner]}${load}\ntest('${letter}', () => { fs.appendFileSync('trace', '${letter}'); expect(value).toBe(1); });\n`;
}

/** A source that is `value`, or that takes it from another letter. */
export function source(runner: RunnerName, value: number | string): string {
  if (runner === 'jest') {
    return typeof value === 'number'
      ? `module.exports = ${value};\n`
      : `module.exports = require('./${value}.cjs');\n`;
  }
  return typeof value === 'number'
    ? `export default ${value};\n`
    : `export { default } from './${value}.mjs';\n`;
}

export function sourcePath(runner: RunnerName, letter: string): string {
  return `${letter}.${runner === 'jest' ? 'cjs' : 'mjs'}`;
}

export function testPath(runner: RunnerName, letter: string): string {
  return `${letter}.${extensions[runner]}`;
}

export function openRepository(runner: RunnerName, letters: string): Repository {
  const base = testedRunner(runner).setup.runnerDir ?? e2eFolder;
  const dir = join(base, '.tmp', `order-${randomBytes(6).toString('hex')}`);
  const write = (files: Readonly<Record<string, string>>) => {
    for (const [path, content] of Object.entries(files)) {
      mkdirSync(dirname(join(dir, path)), { recursive: true });
      writeFileSync(join(dir, path), content);
    }
  };
  const git = (...args: string[]) => {
    const who = ['-c', 'user.name=t', '-c', 'user.email=t@example.com'];
    execFileSync('git', [...who, ...args], { cwd: dir, stdio: 'ignore' });
  };
  const commit = (files: Readonly<Record<string, string>>) => {
    write(files);
    git('add', '-A');
    git('commit', '-qm', 'a change');
  };
  mkdirSync(dir, { recursive: true });
  git('init', '-q', '-b', 'main');
  const files: Record<string, string> = {
    'package.json': '{ "private": true }\n',
    '.gitignore': 'trace\nout\nhistory*\ntest-results\n*.config.*\n',
  };
  for (const letter of letters) {
    files[testPath(runner, letter)] = testSource(runner, letter);
    files[sourcePath(runner, letter)] = source(runner, 1);
  }
  commit(files);
  git('switch', '-qc', 'topic');
  return {
    dir,
    commit,
    git,
    run: (setup = {}) => run(runner, dir, base, setup),
    remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

async function run(runner: RunnerName, dir: string, base: string, setup: OrderedRun): Promise<OrderedResult> {
  const { configFile, config, reporters, bin, args } = runners[runner];
  const list = [...reporters, [`@promise-failure/${runner}`, setup.options ?? {}]];
  const extra = {
    jest: `{ maxWorkers: 1, cache: false, testSequencer: '@promise-failure/jest/sequencer', ...${setup.config ?? '{}'} }`,
    vitest: `{ maxWorkers: 1, cache: false, ...${setup.config ?? '{}'} }`,
    playwright: `{ workers: 1, ...${setup.config ?? '{}'} }`,
  };
  writeFileSync(
    join(dir, configFile),
    `const reporters = ${JSON.stringify(list)};\n${config(extra[runner])}`,
  );
  writeFileSync(join(dir, 'trace'), '');
  const path = join(findRunner(runner, base).folder, bin);
  const node = testedRunner(runner).setup.nodeBin ?? process.execPath;
  const child = spawn(node, [path, ...args, ...(setup.args ?? [])], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, CI: 'true', NO_COLOR: '1', ...setup.env },
  });
  let [stdout, stderr] = ['', ''];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', (code) => resolve(code ?? 255));
  });
  const trace = join(dir, 'trace');
  return { exitCode, stdout, stderr, ran: existsSync(trace) ? readFileSync(trace, 'utf8') : '' };
}
