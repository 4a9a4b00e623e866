import type { Fixtures } from './fixture.ts';
import { exitOne, fails, file, files, flaky, head, passes, retried, waits } from './playwright-project.ts';

/** What ends, limits, selects or surrounds a run. */
export const playwrightRunEnds = {
  bail: files(fails + passes, passes, { args: ['-x'] }),
  'bail-flaky': file(flaky + passes, {
    ...retried(1),
    args: ['-x'],
    versions: [
      {
        when: '<1.48',
        expect: { ...exitOne, by: 'run-end' },
        because: 'Every failed attempt counted for the limit before 1.48, and no retry followed.',
      },
    ],
  }),
  'total-time': file(`test('slow', () => new Promise(() => {}));`, {
    config: '{ workers: 1, globalTimeout: 1500 }',
  }),
  'flaky-forbidden': file(flaky + waits, {
    ...retried(1),
    args: ['--fail-on-flaky-tests'],
    versions: [{ when: '<1.45', cannot: '--fail-on-flaky-tests came with 1.45.' }],
  }),
  coverage: { cannot: 'Playwright measures no coverage thresholds.' },
  'open-handle-teardown': { cannot: 'Tests never run in the main process of Playwright.' },

  'snapshot-differs': {
    files: {
      'a.spec.js': `${head}test('snapshot', () => { expect('new').toMatchSnapshot('word.txt'); });\n${waits}`,
      'snapshots/word.txt': 'old',
    },
    config: `{ workers: 1, snapshotPathTemplate: '{testDir}/snapshots/{arg}{ext}' }`,
  },
  'snapshot-missing': file(
    `test('snapshot', () => { expect('new').toMatchSnapshot('word.txt'); });\n${waits}`,
  ),
  'snapshot-missing-retried': file(
    `test('snapshot', () => { expect('new').toMatchSnapshot('word.txt'); });\n${passes}`,
    retried(1),
  ),
  'snapshot-obsolete': { cannot: 'Playwright does not look for unused snapshots.' },
  'snapshot-file-obsolete': { cannot: 'Playwright does not look for unused snapshots.' },
  'snapshot-updated': {
    files: {
      'a.spec.js': `${head}test('snapshot', () => { expect('new').toMatchSnapshot('word.txt'); });`,
      'snapshots/word.txt': 'old',
    },
    config: `{ workers: 1, snapshotPathTemplate: '{testDir}/snapshots/{arg}{ext}' }`,
    args: ['--update-snapshots'],
  },

  list: file(fails, { args: ['--list'] }),
  merge: file(fails, {
    before: [['test', '--reporter', 'blob']],
    command: ['merge-reports', '--config', 'playwright.config.js', 'blob-report'],
    args: [],
  }),
  'exit-code-chosen': { cannot: 'Playwright exits with 1 whatever fails.' },
  'exit-code-zero': { cannot: 'Playwright exits with 1 whatever fails.' },
  'results-rewritten': {
    files: {
      'a.spec.js': head + fails,
      'other.mjs': `export default class { onEnd() { return { status: 'passed' }; } }`,
    },
    config: `{ reporter: [...reporters, ['./other.mjs']] }`,
    expect: { exit: 0, promised: true, status: 1, by: 'run-end' },
    because: 'What another reporter returns from its onEnd cannot be known beforehand: a limit.',
  },
  interrupted: file(
    `test('waits for SIGINT', async () => { note('running'); await new Promise((r) => setTimeout(r, 10000)); });`,
    { interrupt: { when: 'running', signal: 'SIGINT' } },
  ),
  terminated: file(
    `test('waits for SIGTERM', async () => { note('running'); await new Promise((r) => setTimeout(r, 3000)); });`,
    { interrupt: { when: 'running', signal: 'SIGTERM' } },
  ),
  'other-reporter-throws': {
    files: {
      'a.spec.js': head + passes,
      'other.mjs': `export default class { onEnd() { throw new Error('reporter'); } }`,
    },
    config: `{ reporter: [...reporters, ['./other.mjs']] }`,
    versions: [
      {
        when: '<1.62',
        expect: { exit: 0, promised: false },
        because: 'Errors of reporters were printed and forgotten before 1.62.',
      },
    ],
  },
  'exit-code-set': {
    files: {
      'a.spec.js': head + passes,
      'teardown.mjs': `export default () => { process.exit(1); };`,
    },
    config: `{ globalTeardown: './teardown.mjs' }`,
  },

  projects: {
    files: {
      'a.spec.js': `${head}test('fails in one', () => { expect(test.info().project.name).toBe('two'); });`,
      'b.spec.js': head + waits,
    },
    config: `{ workers: 1, projects: [{ name: 'one' }, { name: 'two' }] }`,
  },
  'projects-flaky': {
    files: {
      'a.spec.js': `${head}test('flaky', () => { expect(attempt('in-' + test.info().project.name)).toBe(2); });`,
    },
    config: `{ workers: 1, retries: 1, projects: [{ name: 'one' }, { name: 'two' }] }`,
  },

  'below-threshold': file(fails + passes, { options: { threshold: 2 } }),
  'at-threshold': file(
    `test('one', () => { throw new Error('no'); });
     test('between', () => { notPromised('between'); });
     test('two', () => { throw new Error('no'); });\n${waits}`,
    { options: { threshold: 2 } },
  ),
  muted: file(fails + passes, { options: { muted: ['*fails'] } }),
  'muted-beside-hard': file(`test('muted', () => { throw new Error('no'); });\n${fails}${waits}`, {
    options: { muted: ['* muted'] },
  }),
  'outer-retries': file(fails + passes, { options: { outerRetries: 1 } }),
  'nested-run': {
    files: {
      'a.spec.js': `${head}import { runAgain } from './probe.cjs';
test('starts a run', () => { expect(runAgain(['test', '--config', 'inner'])).toBe(1); });`,
      'inner/b.spec.js': `import { expect, test } from '@playwright/test'; ${fails}`,
      'inner/playwright.config.js': `import outer from '../playwright.config.js';
export default { ...outer, testIgnore: [] };`,
    },
    config: `{ workers: 1, testIgnore: '**/inner/**' }`,
  },
} satisfies Partial<Fixtures>;
