import type { Fixtures } from './fixture.ts';
import {
  exitOne,
  fails,
  file,
  files,
  head,
  loadsFirst,
  passes,
  retried,
  waits,
} from './playwright-project.ts';

/** What fails outside of tests: hooks, files, workers, set-up and tear-down. */
export const playwrightRunErrors = {
  'before-all': file(
    `test.describe('block', () => { test.beforeAll(() => { throw new Error('no'); }); ${passes} });\n${waits}`,
  ),
  'before-all-retried': file(
    `test.describe('block', () => {
      test.beforeAll(() => { notPromised('attempt'); throw new Error('no'); }); ${passes} });\n${waits}`,
    retried(1),
  ),
  'before-all-flaky': file(
    `test.describe('block', () => {
      test.beforeAll(() => { expect(attempt('hook')).toBe(2); }); ${passes} test('more', () => {}); });`,
    retried(1),
  ),
  'before-each': file(
    `test.describe('block', () => { test.beforeEach(() => { throw new Error('no'); }); ${passes} });\n${waits}`,
  ),
  'before-each-flaky': file(
    `test.beforeEach(() => { expect(attempt('hook')).not.toBe(1); });\n${passes}`,
    retried(1),
  ),
  'after-each': file(
    `test.describe('block', () => { test.afterEach(() => { throw new Error('no'); }); ${passes} });\n${waits}`,
  ),
  'after-each-flaky': file(
    `test.afterEach(() => { expect(attempt('hook')).not.toBe(1); });\n${passes}`,
    retried(1),
  ),
  'after-all': files(`test.afterAll(() => { throw new Error('no'); });\n${passes}`, waits),
  'after-all-retried': file(`test.afterAll(() => { expect(attempt('hook')).not.toBe(1); });\n${passes}`, {
    ...retried(1),
    expect: { exit: 0, promised: false },
    because: 'The failed hook counts as a failure of the last test, which is retried.',
  }),

  'syntax-error': files('const = 1;', passes, {
    expect: { ...exitOne, by: 'run-end' },
    because: loadsFirst,
  }),
  'missing-import': files(`import './nowhere.js';\n${passes}`, passes, {
    expect: { ...exitOne, by: 'run-end' },
    because: loadsFirst,
  }),
  'throws-at-load': files(`throw new Error('at load');`, passes, {
    expect: { ...exitOne, by: 'run-end' },
    because: loadsFirst,
  }),
  'throws-in-block': files(`test.describe('block', () => { throw new Error('in block'); });`, passes, {
    expect: { ...exitOne, by: 'run-end' },
    because: loadsFirst,
  }),
  'file-without-tests': files('', passes, {
    expect: { exit: 0, promised: false },
    because: 'A file without tests is no failure for Playwright.',
  }),
  'no-files': { files: {}, expect: { ...exitOne, by: 'run-end' } },
  'no-files-allowed': { files: {}, args: ['--pass-with-no-tests'] },
  'filtered-out': file(fails + passes, { args: ['--grep', 'passes'] }),
  'shard-without-failure': files(passes, fails, { args: ['--shard', '1/2'] }),
  'shard-with-failure': files(passes, fails, { args: ['--shard', '2/2'] }),
  'duplicate-titles': file(passes + passes, {
    expect: { ...exitOne, by: 'run-end' },
    because: 'Playwright refuses two tests with the same title in a file.',
  }),

  'worker-exits': file(`test('exits', () => { process.exit(0); });\n${waits}`),
  'worker-killed': file(
    `test('dies', async () => { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); });\n${waits}`,
  ),
  'worker-dies-then-passes': file(
    `test('dies once', async () => {
      if (attempt('dies') === 1) { process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); } });\n${passes}`,
    retried(1),
  ),
  'failed-then-worker-dies': file(
    `${fails}test('dies', async () => {
      await promised('before the worker dies'); process.kill(process.pid, 'SIGKILL'); await new Promise(() => {}); });`,
  ),
  'rejection-in-test': file(
    `test('rejects', async () => { Promise.reject(new Error('nobody')); await new Promise((r) => setTimeout(r, 200)); });\n${waits}`,
  ),
  'rejection-after-test': file(
    `test('passes', () => { setTimeout(() => Promise.reject(new Error('late')), 100); });
     test('longer', async () => { await new Promise((r) => setTimeout(r, 500)); });\n${waits}`,
  ),
  'exception-in-timer': file(
    `test('throws', async () => {
      setTimeout(() => { throw new Error('in timer'); }, 50); await new Promise((r) => setTimeout(r, 500)); });\n${waits}`,
  ),
  'errors-ignored': { cannot: 'Playwright cannot be told to ignore errors.' },

  'global-setup': {
    files: {
      'a.spec.js': head + passes,
      'setup.mjs': `export default () => { throw new Error('set-up'); };`,
      'teardown.mjs': `import { promised } from './probe.mjs'; export default () => promised('tear-down');`,
    },
    config: `{ globalSetup: './setup.mjs', globalTeardown: './teardown.mjs' }`,
    expect: { ...exitOne, by: 'file' },
    because: 'Errors are told at once, so that the tear-down sees the promise.',
    versions: [
      {
        when: '<1.52',
        expect: { ...exitOne, by: 'run-end' },
        because: 'No tear-down followed a failed set-up in early versions.',
      },
    ],
  },
  'global-teardown': {
    files: {
      'a.spec.js': head + passes,
      'teardown.mjs': `export default () => { throw new Error('tear-down'); };`,
    },
    config: `{ globalTeardown: './teardown.mjs' }`,
  },
  'setup-file': { cannot: 'Playwright has no set-up files, only set-up projects.' },
  'setup-project': {
    files: {
      'a.setup.js': head + fails,
      'b.spec.js': head + passes,
      'c.teardown.js': `${head}test('tears down', async () => { await promised('tear-down project'); });`,
    },
    config: `{ workers: 1, projects: [
      { name: 'setup', testMatch: /setup/, teardown: 'teardown' },
      { name: 'teardown', testMatch: /teardown/ },
      { name: 'main', testMatch: /spec/, dependencies: ['setup'] }] }`,
  },
  'server-fails': file(passes, {
    config: `{ webServer: { command: 'exit 1', url: 'http://127.0.0.1:9/', timeout: 5000 } }`,
  }),
  'worker-teardown': files(
    `const extended = test.extend({ shared: [async ({}, use) => { await use(1); throw new Error('tear-down'); },
      { scope: 'worker', auto: true }] });
     extended('passes', () => {});`,
    waits,
  ),
} satisfies Partial<Fixtures>;
