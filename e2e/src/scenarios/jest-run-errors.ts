import type { Fixtures } from './fixture.ts';
import {
  configured,
  early,
  fails,
  file,
  files,
  flaky,
  head,
  inBand,
  inWorkers,
  passes,
  project,
  retry,
  settles,
  waits,
} from './jest-project.ts';

const unpromised = { exit: 1, promised: false } as const;
const noReporters = 'Jest ends before it makes its reporters.';
const twoWorkers = { config: `{ ${inWorkers} }` };
const hangs = [{ when: '<29', cannot: 'Jest 28 waits forever for a worker that ended so.' }];
const snapshotOfFirstRun = `if (attempt('run') === 1)`;
/** In the run that writes the snapshots nothing is promised. */
const waitsInSecondRun = `const run = attempt('run of b');
test('waits', async () => { if (run === 2) await promised('later'); }, 20_000);\n`;

/** Rows of failures that no test owns, and of the ways in which a run ends. */
export const jestRunErrors = {
  'syntax-error': files('const = 1;', waits),
  'missing-import': files(`require('./nowhere.js');\n${passes}`, waits),
  'throws-at-load': files(`throw new Error('at load');\n${passes}`, waits),
  'throws-in-block': files(`describe('block', () => { throw new Error('in block'); });`, waits),
  'file-without-tests': files('', waits),
  'no-files': project({}, { expect: unpromised, because: noReporters }),
  'no-files-allowed': project({}, { args: ['--passWithNoTests'] }),
  'filtered-out': file(fails + passes, { args: ['-t', 'passes'] }),
  'shard-without-failure': files(passes, fails, { args: ['--shard=1/2'] }),
  'shard-with-failure': files(passes, fails, { args: ['--shard=2/2'] }),
  'duplicate-titles': file(passes + passes + early),

  'worker-exits': files(`test('exits', () => { process.exit(0); });\n`, passes, {
    ...twoWorkers,
    versions: hangs,
  }),
  'worker-killed': files(
    `test('dies', async () => { process.kill(process.pid, 'SIGKILL'); await wait(10_000); });\n`,
    passes,
    { ...twoWorkers, versions: hangs },
  ),
  'worker-dies-then-passes': files(
    `test('dies once', () => { if (attempt('dies') === 1) process.exit(1); });\n${passes}`,
    early,
    twoWorkers,
  ),
  'failed-then-worker-dies': files(
    `${fails}test('dies', async () => {
      await promised('before the worker dies');
      process.kill(process.pid, 'SIGKILL'); await wait(10_000); }, 20_000);\n`,
    passes,
    { ...twoWorkers, versions: hangs },
  ),
  'rejection-in-test': settles(
    `test('rejects', async () => { Promise.reject(new Error('nobody')); await wait(100); });\n`,
  ),
  'rejection-after-test': file(
    `test('passes', () => { setTimeout(() => Promise.reject(new Error('nobody')), 50); });
     test('goes on', () => wait(200));\n`,
  ),
  'exception-in-timer': settles(
    `test('throws', async () => { setTimeout(() => { throw new Error('in timer'); }, 20); await wait(200); });\n`,
  ),
  'errors-ignored': { cannot: 'Jest cannot be told to ignore errors.' },

  'global-setup': project(
    { 'a.test.js': passes, 'setup.cjs': `module.exports = () => { throw new Error('set-up'); };` },
    { config: `{ ${inBand}, globalSetup: './setup.cjs' }`, expect: unpromised, because: noReporters },
  ),
  'global-teardown': configured(`globalTeardown: './down.cjs'`, passes, {
    'down.cjs': `module.exports = () => { throw new Error('tear-down'); };`,
  }),
  'setup-file': project(
    {
      'a.test.js': passes,
      'b.test.js': head + waits,
      'setup.cjs': `if (require('./probe.cjs').attempt('setup') === 1) throw new Error('set-up file');`,
    },
    { config: `{ ${inBand}, setupFiles: ['./setup.cjs'] }` },
  ),
  'setup-project': { cannot: 'No Jest project depends on another one.' },
  'server-fails': { cannot: 'Jest starts no servers.' },
  'worker-teardown': { cannot: 'Jest has no fixtures.' },

  bail: files(fails + passes, passes, { config: `{ ${inBand}, bail: 1 }` }),
  'bail-flaky': file(retry(1) + flaky + early, { config: `{ ${inBand}, bail: 1 }` }),
  'total-time': { cannot: 'Jest has no time limit for the whole run.' },
  'flaky-forbidden': { cannot: 'Jest has no rule against flaky tests.' },
  coverage: configured(
    `collectCoverage: true, coverageProvider: 'v8', coverageReporters: [],
     coverageThreshold: { global: { functions: 100 } }`,
    `require('./half.js');\n${passes}`,
    { 'half.js': 'exports.unused = () => 1;\n' },
  ),
  'open-handle-teardown': file(
    `test('leaves work behind', () => { setTimeout(() => { require('./late.cjs'); }, 500); });\n`,
  ),

  'snapshot-differs': settles(`test('snapshot', () => { expect('new').toMatchInlineSnapshot('"old"'); });\n`),
  'snapshot-missing': settles(`test('snapshot', () => { expect('new').toMatchSnapshot(); });\n`),
  'snapshot-missing-retried': settles(
    `${retry(1)}describe('block', () => { test('snapshot', () => { expect('new').toMatchSnapshot(); }); });\n`,
  ),
  'snapshot-obsolete': files(
    `test('snapshot', () => { ${snapshotOfFirstRun} expect('old').toMatchSnapshot(); });\n`,
    waitsInSecondRun,
    { before: [['--ci=false']] },
  ),
  'snapshot-file-obsolete': project({
    'a.test.js': passes,
    '__snapshots__/gone.test.js.snap': '// Jest Snapshot v1\n',
  }),
  'snapshot-updated': file(`test('snapshot', () => { expect(attempt('run')).toMatchSnapshot(); });\n`, {
    before: [['--ci=false']],
    args: ['-u'],
  }),

  list: file(fails, { args: ['--listTests'] }),
  merge: { cannot: 'Jest merges no reports.' },
  'exit-code-chosen': settles(fails, { config: `{ ${inBand}, testFailureExitCode: 3 }` }),
  'exit-code-zero': file(fails, { config: `{ ${inBand}, testFailureExitCode: 0 }` }),
  'results-rewritten': configured(`testResultsProcessor: './processor.cjs'`, fails, {
    'processor.cjs': `module.exports = (results) => ({ ...results, success: true });`,
  }),
  interrupted: file(`test('waits for SIGINT', async () => { note('running'); await wait(4000); });\n`, {
    interrupt: { when: 'running', signal: 'SIGINT' },
  }),
  terminated: file(`test('waits for SIGTERM', async () => { note('running'); await wait(4000); });\n`, {
    interrupt: { when: 'running', signal: 'SIGTERM' },
  }),
  'other-reporter-throws': configured(`reporters: [...reporters, './other.cjs']`, passes, {
    'other.cjs': `module.exports = class { onRunComplete() { throw new Error('reporter'); } };`,
  }),
  'exit-code-set': configured(`globalTeardown: './down.cjs'`, passes, {
    'down.cjs': `module.exports = () => { process.exitCode = 1; };`,
  }),
} satisfies Partial<Fixtures>;
