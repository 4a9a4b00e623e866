import type { Fixture, Fixtures } from './fixture.ts';
import {
  configured,
  early,
  fails,
  file,
  files,
  flaky,
  head,
  oneByOne,
  passes,
  waits,
} from './vitest-project.ts';

const green = { exit: 0, promised: false } as const;
const oldSnapshot = (name: string) => `// Vitest Snapshot v1, https://vitest.dev/guide/snapshot.html

exports[\`${name} 1\`] = \`"old"\`;
`;
const stored = '__snapshots__/a.test.js.snap';
const seesSnapshot = `test('seen', () => { expect('new').toMatchSnapshot(); });\n`;

/** Two projects over two files; \`retry\` for both. */
function projects(first: string, second: string, retry = 0): Fixture {
  const project = (name: string) =>
    `{ test: { name: '${name}', include: ['${name}.test.js'], retry: ${retry} } }`;
  return {
    files: { 'one.test.js': head + first, 'two.test.js': head + second },
    config: `{ maxWorkers: 2, minWorkers: 1, projects: [${project('one')}, ${project('two')}] }`,
    versions: [{ when: '<3.2', cannot: 'Vitest before 3.2 keeps its projects in a file of their own.' }],
  };
}

/** Runs the tests once more while the configuration is read, and leaves their report as a blob. */
const mergesOwnBlob = `...(() => {
  const { spawnSync } = process.getBuiltinModule('node:child_process');
  const env = { ...process.env, BLOB: 'true' };
  if (!process.env.BLOB) spawnSync(process.execPath, [process.argv[1], 'run', '--reporter=blob'], { env });
})()`;

const shards = { 'a.test.js': head + fails, 'b.test.js': head + passes };

const startsNested = `import { spawnSync } from 'node:child_process';
  import { createRequire } from 'node:module';
  import { dirname, join } from 'node:path';
  import { test, expect } from 'vitest';
  test('starts another run', () => {
    const bin = join(dirname(createRequire(import.meta.url).resolve('vitest/package.json')), 'vitest.mjs');
    const { status } = spawnSync(process.execPath, [bin, 'run'], { cwd: join(import.meta.dirname, 'nested') });
    expect(status).toBe(1);
  }, 30_000);`;

/** Rows about failures that no test owns, about modes, projects and signals. */
export const vitestRunErrors = {
  'syntax-error': files('const = ;', waits),
  'missing-import': files(`import './nowhere.mjs';\n${head}${passes}`, waits),
  'throws-at-load': files(`${head}${passes}throw new Error('no');`, waits),
  'throws-in-block': files(`${head}${passes}describe('block', () => { throw new Error('no'); });`, waits),
  'file-without-tests': {
    ...files(head, waits),
    versions: [{ when: '<4', cannot: 'Vitest 3 tells of such a file at the end of the run only.' }],
  },
  'no-files': { files: {} },
  'no-files-allowed': { files: {}, config: '{ passWithNoTests: true }' },
  'filtered-out': file(fails + passes, { args: ['-t', 'passes'] }),
  'shard-without-failure': { files: shards, config: `{ ${oneByOne} }`, args: ['--shard=2/2'] },
  'shard-with-failure': { files: shards, config: `{ ${oneByOne} }`, args: ['--shard=1/2'] },
  'duplicate-titles': file(passes + passes),

  'worker-exits': file(`test('exits', () => { process.exit(0); });\n${passes}`),
  'worker-killed': configured(
    `pool: 'forks'`,
    `test('killed', async () => { process.kill(process.pid, 'SIGKILL'); await wait(10_000); });`,
  ),
  'worker-dies-then-passes': { cannot: 'Vitest does not run a file again whose worker died.' },
  'failed-then-worker-dies': configured(
    `pool: 'forks'`,
    `${fails}${waits}test('killed', async () => { process.kill(process.pid, 'SIGKILL'); await wait(10_000); });`,
  ),
  'rejection-in-test': file(
    `test('rejects', async () => { Promise.reject(new Error('no')); await wait(50); });\n${passes}`,
  ),
  'rejection-after-test': file(
    `test('rejects', () => { setTimeout(() => Promise.reject(new Error('no')), 20); });\n${waits}`,
  ),
  'exception-in-timer': file(
    `test('throws', async () => { setTimeout(() => { throw new Error('no'); }, 5); await wait(50); });\n${waits}`,
  ),
  'errors-ignored': configured(
    'dangerouslyIgnoreUnhandledErrors: true',
    `test('rejects', async () => { Promise.reject(new Error('no')); await wait(50); });\n${early}`,
  ),

  'global-setup': configured(`globalSetup: './setup.mjs'`, passes, {
    files: { 'a.test.js': head + passes, 'setup.mjs': `export default () => { throw new Error('no'); };` },
  }),
  'global-teardown': configured(`globalSetup: './setup.mjs'`, passes, {
    files: {
      'a.test.js': head + passes,
      'setup.mjs': `export default () => () => { throw new Error('no'); };`,
    },
    versions: [{ when: '>=4 <5', expect: green, because: 'Vitest 4 prints the error and exits with 0.' }],
  }),
  'setup-file': files(
    head + passes,
    waits,
    {
      'setup.mjs': `import { attempt } from './probe.mjs'; if (attempt('setup') === 1) throw new Error('no');`,
    },
    `setupFiles: './setup.mjs'`,
  ),
  'setup-project': { cannot: 'Projects of Vitest do not depend on each other.' },
  'server-fails': { cannot: 'Vitest starts no server for the tests.' },
  'worker-teardown': {
    ...files(
      `${head}const extended = test.extend({
       resource: [async ({}, use) => { await use(1); throw new Error('no'); }, { scope: 'worker' }],
     });
     extended('uses', ({ resource }) => { expect(resource).toBe(1); });`,
      waits,
    ),
    versions: [{ when: '<4', expect: green, because: 'Vitest 3 does not look at such an error.' }],
  },

  bail: configured('bail: 1', fails + passes),
  'bail-flaky': configured('bail: 1, retry: 1', flaky + early),
  'total-time': { cannot: 'Vitest has no time limit for the whole run.' },
  'flaky-forbidden': { cannot: 'Vitest has no option that makes flaky tests fail.' },
  coverage: configured(
    `coverage: { enabled: true, provider: 'v8', reporter: [], thresholds: { lines: 100 }, include: ['*.mjs'] }`,
    `import { used } from './code.mjs'; test('uses', () => { used(); });`,
    {
      files: {
        'a.test.js': `${head}import { used } from './code.mjs'; test('uses', () => { used(); });`,
        'code.mjs': 'export function used() {\n  return 1;\n}\nexport function unused() {\n  return 2;\n}\n',
      },
    },
  ),
  'open-handle-teardown': { cannot: 'What a worker of Vitest does after its files changes no exit code.' },

  'snapshot-differs': file(seesSnapshot + waits, {
    files: { 'a.test.js': head + seesSnapshot + waits, [stored]: oldSnapshot('seen') },
  }),
  'snapshot-missing': file(seesSnapshot + waits),
  'snapshot-missing-retried': configured('retry: 1', seesSnapshot + waits),
  'snapshot-obsolete': {
    ...files(head + passes, waits, { [stored]: oldSnapshot('gone') }),
    versions: [{ when: '<4', cannot: 'Vitest 3 lets unused snapshots pass.' }],
  },
  'snapshot-file-obsolete': {
    files: { 'b.test.js': head + passes, [stored]: oldSnapshot('gone') },
    expect: green,
    because: 'Vitest reports the file, and passes.',
  },
  'snapshot-updated': {
    files: { 'a.test.js': head + seesSnapshot + early, [stored]: oldSnapshot('seen') },
    args: ['-u'],
  },

  list: file(fails, { command: ['list'] }),
  merge: {
    ...configured(mergesOwnBlob, fails),
    command: ['run', '--merge-reports'],
    expect: { exit: 1, promised: true, by: 'run-end' },
    because: 'Vitest exits with 1 when the reports hold a failure.',
  },
  'exit-code-chosen': { cannot: 'Vitest exits with 1 when tests fail, whatever the options say.' },
  'exit-code-zero': { cannot: 'Vitest has no option that makes it exit with 0 when tests fail.' },
  'results-rewritten': file(
    `describe('block', () => {
       let failed;
       afterAll(() => { failed.result.state = 'pass'; });
       test('fails', ({ task }) => { failed = task; expect(1).toBe(2); });
     });\n${passes}`,
    { options: { settle: 'file' } },
  ),
  interrupted: file(`test('hangs', async () => { note('started'); await wait(20_000); }, 30_000);`, {
    interrupt: { when: 'started', signal: 'SIGINT' },
  }),
  terminated: file(`test('hangs', async () => { note('started'); await wait(20_000); }, 30_000);`, {
    interrupt: { when: 'started', signal: 'SIGTERM' },
  }),
  'other-reporter-throws': configured(
    `reporters: [...reporters, { onTestRunEnd() { throw new Error('no'); } }]`,
    passes,
  ),
  'exit-code-set': configured(`globalSetup: './setup.mjs'`, passes, {
    files: {
      'a.test.js': head + passes,
      'setup.mjs': 'export default () => () => { process.exitCode = 1; };',
    },
  }),

  projects: projects(fails, waits),
  'projects-flaky': projects(flaky, passes + early, 1),
  'nested-run': {
    files: {
      'a.test.js': startsNested,
      'nested/nested.test.js': `import { expect, test } from 'vitest';\n${fails}`,
      'nested/vitest.config.mjs': `export default { test: { reporters: ['default', '@promise-failure/vitest'] } };`,
    },
    config: `{ include: ['a.test.js'] }`,
  },
} satisfies Partial<Fixtures>;
