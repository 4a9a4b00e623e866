import { type ChildProcessByStdio, execFileSync, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { type ConfiguredRunner, e2eFolder, findRunner, runners } from '../harness/runners.ts';
import { testedRunner } from '../harness/target.ts';

/** A repository with one source and one test for each letter; every test writes its letter into `trace`. */
export interface Repository {
  readonly dir: string;
  /** Writes files and commits them. */
  commit(files: Readonly<Record<string, string>>): void;
  git(...args: string[]): void;
  /** Writes files, and commits nothing. */
  write(files: Readonly<Record<string, string>>): void;
  run(setup?: OrderedRun): Promise<OrderedResult>;
  /** Starts a run that ends only when it is told to. */
  watch(setup: OrderedRun): WatchedRun;
  remove(): void;
}

interface OrderedRun {
  readonly args?: readonly string[];
  /** Arguments in place of those that make the runner run once. */
  readonly command?: readonly string[];
  /** False leaves our reporter out. @default true */
  readonly reporter?: boolean;
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

interface WatchedRun {
  /** Resolves when that many tests have run since the start, with all their letters in order. */
  ran(count: number): Promise<string>;
  end(): Promise<void>;
}

const extensions: Readonly<Record<ConfiguredRunner, string>> = {
  jest: 'test.js',
  vitest: 'test.mjs',
  playwright: 'spec.mjs',
};

/** Source of the test of one letter: it fails when its source does. */
function testSource(runner: ConfiguredRunner, letter: string): string {
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
export function source(runner: ConfiguredRunner, value: number | string): string {
  if (runner === 'jest') {
    return typeof value === 'number'
      ? `module.exports = ${value};\n`
      : `module.exports = require('./${value}.cjs');\n`;
  }
  return typeof value === 'number'
    ? `export default ${value};\n`
    : `export { default } from './${value}.mjs';\n`;
}

export function sourcePath(runner: ConfiguredRunner, letter: string): string {
  return `${letter}.${runner === 'jest' ? 'cjs' : 'mjs'}`;
}

export function testPath(runner: ConfiguredRunner, letter: string): string {
  return `${letter}.${extensions[runner]}`;
}

/** `base`: a folder below that of the runner, whose `node_modules` come first. */
export function openRepository(
  runner: ConfiguredRunner,
  letters: string,
  base = testedRunner(runner).setup.runnerDir ?? e2eFolder,
): Repository {
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
    write,
    run: (setup = {}) => run(runner, dir, base, setup),
    watch: (setup) => watchRun(start(runner, dir, base, setup), join(dir, 'trace')),
    remove: () => rmSync(dir, { recursive: true, force: true, maxRetries: 5 }),
  };
}

type Child = ChildProcessByStdio<null, Readable, Readable>;

function start(runner: ConfiguredRunner, dir: string, base: string, setup: OrderedRun): Child {
  const { configFile, config, reporters, bin, args } = runners[runner];
  const ours = [`@promise-failure/${runner}`, setup.options ?? {}];
  const list = setup.reporter === false ? reporters : [...reporters, ours];
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
  return spawn(node, [path, ...(setup.command ?? args), ...(setup.args ?? [])], {
    cwd: dir,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { PATH: process.env.PATH, HOME: process.env.HOME, CI: 'true', NO_COLOR: '1', ...setup.env },
  });
}

async function run(
  runner: ConfiguredRunner,
  dir: string,
  base: string,
  setup: OrderedRun,
): Promise<OrderedResult> {
  const child = start(runner, dir, base, setup);
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

function watchRun(child: Child, trace: string): WatchedRun {
  const said: string[] = [];
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => said.push(text));
  }
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  return {
    async ran(count) {
      const deadline = Date.now() + 60_000;
      for (;;) {
        const letters = readFileSync(trace, 'utf8');
        if (letters.length >= count) return letters;
        if (Date.now() > deadline || child.exitCode !== null) throw new Error(`${letters}\n${said.join('')}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
    async end() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}
