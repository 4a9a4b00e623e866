import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { leftOut } from '../runner/left-out.ts';
import { runTests } from './run.ts';

const on = { PROMISE_FAILURE: 'true' };
const vitest = { ...on, BUILDKITE_TEST_ENGINE_TEST_RUNNER: 'vitest' };
const ours = '--reporter=@promise-failure/vitest';

describe('leftOut', () => {
  it.each<[string, readonly string[], Record<string, string>, string]>([
    ['Vitest with reporters of its own', ['npx', 'vitest', 'run', '--reporter=json'], on, ours],
    ['the same in two words', ['./node_modules/.bin/vitest', '--reporter', 'dot'], on, ours],
    [
      'Playwright',
      ['npx', 'playwright', 'test', '--reporter=line'],
      on,
      '--reporter=@promise-failure/playwright',
    ],
    [
      'node:test',
      ['node', '--test'],
      on,
      '--test-reporter=spec --test-reporter-destination=stdout --test-reporter=@',
    ],
    [
      'node:test with reporters of its own',
      ['/usr/bin/node', '--test', '--test-reporter=dot', '--test-reporter-destination=stdout'],
      on,
      'add --test-reporter=@promise-failure/node-test --test-reporter-destination=stderr',
    ],
    ['Jest', ['jest', '--reporters', 'default'], on, '--reporters=@promise-failure/jest'],
    ["bktec's default for Vitest", ['bktec', 'run'], vitest, 'BUILDKITE_TEST_ENGINE_TEST_CMD'],
    [
      'the runner named by a flag',
      ['bktec', 'run', '--test-runner=vitest'],
      on,
      'BUILDKITE_TEST_ENGINE_TEST_CMD',
    ],
    [
      "bktec's default when it runs failed tests again",
      ['/opt/bktec_3.0.0_linux_amd64', 'run', '--test-command', `npx vitest run --reporter=json ${ours}`],
      { ...vitest, BUILDKITE_TEST_ENGINE_RETRY_COUNT: '1' },
      'BUILDKITE_TEST_ENGINE_RETRY_CMD',
    ],
    [
      'a command of bktec',
      ['bktec', 'run'],
      { ...vitest, BUILDKITE_TEST_ENGINE_TEST_CMD: 'npx vitest run --reporter json' },
      'BUILDKITE_TEST_ENGINE_TEST_CMD',
    ],
  ])('says what to add for %s', (_what, command, env, advice) => {
    expect(leftOut(command, env)).toContain(advice);
  });

  it.each<[string, readonly string[], Record<string, string>]>([
    ['a runner that takes its reporters from the configuration', ['npx', 'vitest', 'run'], on],
    ['a command that names ours', ['vitest', '--reporter=json', ours], on],
    ['a build of ours', ['vitest', '--reporter', './node_modules/@promise-failure/vitest/dist/index.js'], on],
    ['node:test with ours', ['node', '--test', '--test-reporter=@promise-failure/node-test'], on],
    ['node:test with a file of the user', ['node', '--test', '--test-reporter', './reporter.mjs'], on],
    [
      'node:test whose environment names reporters',
      ['node', '--test'],
      {
        ...on,
        NODE_OPTIONS: '--test-reporter=@promise-failure/node-test --test-reporter-destination=stderr',
      },
    ],
    ['another program of Node', ['node', 'test.js'], on],
    ['what is not turned on', ['vitest', '--reporter=json'], {}],
    ['what is turned off', ['vitest', '--reporter=json'], { ...vitest, PROMISE_FAILURE: 'false' }],
    ['another program', ['./test.sh', '--reporter=json'], on],
    ["bktec's default for Jest", ['bktec', 'run'], { ...on, BUILDKITE_TEST_ENGINE_TEST_RUNNER: 'jest' }],
    ['a plan', ['bktec', 'plan'], vitest],
    [
      'commands of bktec that name ours',
      ['bktec', 'run'],
      { ...vitest, BUILDKITE_TEST_ENGINE_TEST_CMD: `npx vitest run ${ours}` },
    ],
  ])('says nothing about %s', (_what, command, env) => {
    expect(leftOut(command, env)).toBeUndefined();
  });

  it('is told once, before the command starts, and changes nothing', async () => {
    const said: string[] = [];
    const program = join(mkdtempSync(join(tmpdir(), 'left-out-')), 'vitest');
    writeFileSync(program, 'process.exit(5)');
    const command = [process.execPath, program, '--reporter=json'];
    const status = await runTests(command, { forgiveMuted: false }, { ...process.env, ...on }, (line) =>
      said.push(line),
    );
    expect([status, said]).toEqual([5, [expect.stringContaining(ours)]]);
  });
});
