import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { stringify } from 'yaml';
import { readCodeBlocks, readPages, top } from './pages.ts';
import { toPipeline } from './pipelines.ts';

const blocks = readCodeBlocks();
const of = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ name, text }) => [name, text] as const);

function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'docs-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true, maxRetries: 5 }));
  return folder;
}

function run(bin: string, args: readonly string[], env: Record<string, string> = {}) {
  const PATH = process.env.PATH ?? '';
  return spawnSync(process.execPath, [join(top, bin), ...args], { encoding: 'utf8', env: { PATH, ...env } });
}

/** What the simulator says of a pipeline that it cannot take. */
function runPipeline(pipeline: object): string {
  const file = join(makeFolder(), 'pipeline.yml');
  writeFileSync(file, stringify(pipeline));
  const args = ['run', file, '--expect', 'passed', '--no-live', '--no-pty'];
  const { status, stderr, stdout } = run('packages/simulator/bin/promise-failure-simulator.js', args);
  return status === 0 ? '' : stderr || stdout;
}

/** What `doctor` says of a list of muted tests. */
function checkMuted(text: string): { status: string; says: string } {
  const folder = makeFolder();
  const file = join(folder, 'muted.yaml');
  writeFileSync(file, text);
  const env = { PROMISE_FAILURE: 'dry-run', PROMISE_FAILURE_MUTED_FILE: file };
  const { stdout } = run('packages/cli/bin/promise-failure.js', ['doctor', folder, '--json'], env);
  return JSON.parse(stdout).checks.find(({ check }: { check: string }) => check === 'muted');
}

describe('the code blocks of the pages', { timeout: 60_000 }, () => {
  it('are of languages that are checked, or text', () => {
    const languages = new Set(blocks.map(({ language }) => language));
    expect([...languages].sort()).toEqual(['console', 'js', 'json', 'sh', 'text', 'ts', 'yaml']);
  });

  it.each(of('yaml'))(
    'are pipelines that the simulator takes, or muted tests that doctor does: %s',
    (_name, text) => {
      const pipeline = toPipeline(text);
      if (pipeline !== undefined) expect(runPipeline(pipeline)).toBe('');
      else expect(checkMuted(text)).toMatchObject({ status: 'ok' });
    },
  );

  it.each([
    ['a key of a step', '- comand: npx jest\n', 'problem'],
    ['a key beside a command', '- command: npx jest\n  cancel_on_failing: true\n', 'cancel_on_failing'],
    [
      'a switch that is none',
      'steps: [{ command: a, cancel_on_build_failing: yes please }]',
      'true or false',
    ],
    ['an environment', 'env: [PROMISE_FAILURE]', 'env'],
    ['a dollar that nothing follows', 'steps:\n  - command: "echo ${"\n', 'begins no variable'],
  ])('are refused with a mistake in %s', (_what, text, says) => {
    const pipeline = toPipeline(text);
    expect(pipeline === undefined ? checkMuted(text).status : runPipeline(pipeline)).toContain(says);
  });

  it('are refused with a plugin that names no version', () => {
    expect(() => toPipeline('steps: [{ command: a, plugins: [{ docker: {} }] }]')).toThrow('docker');
  });

  it('name variables of ours that exist, as the sentences around them do', () => {
    const built = execFileSync(
      'git',
      ['grep', '-hoE', 'PROMISE_FAILURE[A-Z_]*', '--', 'packages/*/src/**', ':!*.test.ts'],
      {
        cwd: top,
        encoding: 'utf8',
      },
    );
    const known = new Set(built.split('\n'));
    const named = readPages().flatMap(({ path, text }) =>
      [...text.matchAll(/(?<![A-Z_])(?:BUILDKITE_TEST_ENGINE_)?PROMISE_FAILURE(?:_[A-Z]+)*/g)].map(
        ([name]) => [name, path],
      ),
    );
    expect(named.length).toBeGreaterThan(50);
    expect(named.filter(([name = '']) => !known.has(name.replace('BUILDKITE_TEST_ENGINE_', '')))).toEqual([]);
  });

  it.each(of('json'))('can be read as JSON: %s', (_name, text) => {
    expect(JSON.parse(text)).toBeTypeOf('object');
  });

  it.each(of('sh'))('can be read by bash: %s', (_name, text) => {
    expect(() => execFileSync('bash', ['-n'], { input: text, stdio: 'pipe' })).not.toThrow();
  });
});
