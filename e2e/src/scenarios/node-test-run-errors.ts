import type { Fixture, Fixtures } from './fixture.ts';
import { fails, file, files, head, oneByOne, passes, waits } from './node-test-project.ts';

const green = { exit: 0, promised: false } as const;
const noSnapshots = {
  cannot: 'Snapshots of node:test are written by a flag and compared as other values are.',
};
const noProjects = { cannot: 'node:test has no projects.' };
const noLimit = { cannot: 'node:test has no limit of this kind.' };
const ownCode = { cannot: 'node:test exits with 1 when tests fail, whatever the options say.' };
const seesExit = (code: string, rest: Partial<Fixture> = {}): Fixture =>
  file(passes, { files: { 'a.test.js': head + passes, 'other.mjs': code }, ...rest });

const another = ['--test-reporter=./other.mjs', '--test-reporter-destination=stdout', '--test'];
const setupArgs = { args: ['--test-global-setup=./setup.mjs'] };
const noSetup = [{ when: '<24', cannot: 'Node.js before 24 has no global set-up.' }];
const hangs = `test('hangs', async () => { note('started'); await wait(20_000); });`;
const cutShort = { expect: { exit: 1, promised: false }, because: 'Node.js ends its run, and exits with 1.' };

const startsNested = `const { spawnSync } = require('node:child_process');
  const { test } = require('node:test');
  const assert = require('node:assert');
  test('starts another run', () => {
    const { NODE_TEST_CONTEXT, ...env } = process.env;
    const args = ['--test', '--test-reporter=@promise-failure/node-test', '--test-reporter-destination=stderr'];
    assert.equal(spawnSync(process.execPath, args, { cwd: __dirname + '/nested', env }).status, 1);
  });`;

/** Rows about failures that no test owns, about modes and signals. */
export const nodeTestRunErrors = {
  'syntax-error': files('const = ;', waits),
  'missing-import': files(`require('./nowhere.cjs');\n${head}${passes}`, waits),
  'throws-at-load': files(`${head}${passes}throw new Error('no');`, waits),
  'throws-in-block': files(`${head}${passes}describe('block', () => { ${passes} no(); });`, waits),
  'file-without-tests': {
    ...files(head, waits.replace('promised(', 'void (')),
    expect: green,
    because: 'A file without tests is a test that passes.',
  },
  'no-files': {
    files: {},
    args: ['nowhere.test.js'],
    expect: { exit: 1, promised: false },
    because: 'Node.js looks for the named files before it loads reporters.',
  },
  'no-files-allowed': { files: {} },
  'filtered-out': file(fails + passes, { args: ['--test-name-pattern=passes'] }),
  'shard-without-failure': {
    files: { 'a.test.js': head + fails, 'b.test.js': head + passes },
    args: ['--test-shard=2/2'],
  },
  'shard-with-failure': {
    files: { 'a.test.js': head + fails, 'b.test.js': head + passes },
    args: ['--test-shard=1/2'],
  },
  'duplicate-titles': file(passes + passes),

  'worker-exits': file(`test('exits', () => { process.exit(3); });\n${passes}`),
  'worker-killed': file(
    `test('killed', async () => { process.kill(process.pid, 'SIGKILL'); await wait(10_000); });`,
  ),
  'worker-dies-then-passes': { cannot: 'node:test does not run a file again whose process died.' },
  'failed-then-worker-dies': file(
    `${fails}${waits}test('killed', async () => { process.kill(process.pid, 'SIGKILL'); await wait(10_000); });`,
  ),
  'rejection-in-test': file(
    `test('rejects', async () => { Promise.reject(new Error('no')); await wait(50); });\n${passes}`,
  ),
  'rejection-after-test': files(
    `${head}test('rejects', () => { setTimeout(() => Promise.reject(new Error('no')), 20); });
     test('goes on', () => wait(60));`,
    waits,
  ),
  'exception-in-timer': file(`test('throws', async () => { setTimeout(no, 5); await wait(50); });\n${waits}`),
  'errors-ignored': { cannot: 'node:test has no option that ignores such errors.' },

  'global-setup': file(passes, {
    files: {
      'a.test.js': head + passes,
      'setup.mjs': `export function globalSetup() { throw new Error('no'); }`,
    },
    ...{ ...setupArgs, versions: noSetup },
    expect: { exit: 7, promised: false },
    because: 'Node.js runs it before it loads reporters.',
  }),
  'global-teardown': file(passes, {
    files: {
      'a.test.js': head + passes,
      'setup.mjs': `export function globalTeardown() { throw new Error('no'); }`,
    },
    ...{ ...setupArgs, versions: noSetup },
  }),
  'setup-file': {
    ...files(head + passes, waits),
    args: [oneByOne, '--require=./setup.cjs'],
    files: {
      'a.test.js': head + passes,
      'b.test.js': head + waits,
      'setup.cjs': `const { attempt } = require('./probe.cjs');
        if (process.env.NODE_TEST_CONTEXT && attempt('setup') === 1) throw new Error('no');`,
    },
  },
  'setup-project': noProjects,
  'server-fails': { cannot: 'node:test starts no server for the tests.' },
  'worker-teardown': files(`${head}after(no);\n${passes}`, waits),

  bail: noLimit,
  'bail-flaky': noLimit,
  'total-time': noLimit,
  'flaky-forbidden': noLimit,
  coverage: {
    files: {
      'a.test.js': `${head}const { used } = require('./code.cjs'); test('uses', () => { used(); });`,
      'code.cjs': 'exports.used = () => 1;\nexports.unused = () => {\n  return 2;\n};\n',
    },
    args: ['--experimental-test-coverage', '--test-coverage-lines=100'],
    versions: [{ when: '<22', cannot: 'Node.js 20 has no thresholds of coverage.' }],
  },
  'open-handle-teardown': {
    ...files(`${head}${passes}process.on('exit', () => { process.exitCode = 1; });`, waits),
    expect: { exit: 1, promised: true, by: 'file' },
    because: 'A file whose process exits with another code than 0 has failed.',
  },

  'snapshot-differs': noSnapshots,
  'snapshot-missing': noSnapshots,
  'snapshot-missing-retried': noSnapshots,
  'snapshot-obsolete': noSnapshots,
  'snapshot-file-obsolete': noSnapshots,
  'snapshot-updated': noSnapshots,

  list: { cannot: 'node:test does not list tests.' },
  merge: { cannot: 'node:test merges no reports.' },
  'exit-code-chosen': ownCode,
  'exit-code-zero': ownCode,
  'results-rewritten': { cannot: 'No code of the user sees the results before they are reported.' },
  interrupted: file(hangs, { interrupt: { when: 'started', signal: 'SIGINT' }, ...cutShort }),
  terminated: file(hangs, { interrupt: { when: 'started', signal: 'SIGTERM' }, ...cutShort }),
  'other-reporter-throws': seesExit(
    `export default async function* (events) { for await (const { type } of events) if (type === 'test:pass') throw new Error('no'); }`,
    { command: another, expect: { exit: 7, promised: false }, because: 'Node.js ends on the spot.' },
  ),
  'exit-code-set': seesExit(
    `export default async function* (events) { for await (const _ of events); process.exitCode = 1; }`,
    { command: another },
  ),

  projects: noProjects,
  'projects-flaky': noProjects,
  'nested-run': {
    files: {
      'a.test.js': startsNested,
      'nested/nested.test.js': `require('node:test').${fails.replace('no)', "() => { throw new Error('no'); })")}`,
    },
    args: ['a.test.js'],
  },
} satisfies Partial<Fixtures>;
