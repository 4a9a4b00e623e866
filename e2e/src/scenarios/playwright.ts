import type { Fixtures } from './fixture.ts';
import { exitOne, fails, file, files, flaky, passes, retried, waits } from './playwright-project.ts';
import { playwrightRunEnds } from './playwright-run-ends.ts';
import { playwrightRunErrors } from './playwright-run-errors.ts';

export const playwrightFixtures: Fixtures = {
  ...playwrightRunErrors,
  ...playwrightRunEnds,
  green: files(passes, passes),
  'first-test': file(fails + waits),
  'last-test': file(passes + fails),
  'earlier-file': files(fails, waits),
  'parallel-file': files(fails, waits, { config: '{ workers: 2 }' }),
  'one-process': { cannot: 'Playwright runs every test in a worker process.' },
  'blocked-thread': file(`${fails}test('blocks', () => { promisedSync('blocked worker'); });`),
  'many-failures': file(
    `for (let i = 0; i < 8; i++) test('fails ' + i, () => { throw new Error('no ' + i); });\n${waits}`,
    { config: '{ workers: 1, fullyParallel: false }' },
  ),
  'nested-blocks': file(
    `test.describe('a', () => { test.describe('b', () => { test.describe('c', () => { test.describe('d', () => {
      ${fails} }); }); }); });\n${waits}`,
  ),
  parametrised: file(
    `for (const n of [1, 2, 3]) test('case ' + n, () => { expect(n).not.toBe(2); });\n${waits}`,
  ),
  'same-names': file(
    `test.describe('one', () => { test('same', () => { expect(attempt('same')).toBe(2); }); });
     test.describe('two', () => { test('same', () => { expect(1).toBe(2); }); });\n${waits}`,
    retried(1),
  ),
  'odd-titles': file(
    `test('päyß "by" \\'card\\' > 漢字 \\n 🧨 \\u202e', () => { expect(1).toBe(2); });\n${waits}`,
  ),
  'odd-errors': file(`test('fails', () => { throw { odd: true }; });\n${waits}`),
  timeout: file(
    `test('slow', async () => { test.setTimeout(200); await new Promise(() => {}); });\n${waits}`,
  ),
  'soft-failure': file(`test('soft', () => { expect.soft(1).toBe(2); });\n${waits}`),

  flaky: file(flaky + passes, retried(1)),
  'flaky-last-retry': file(
    `test('flaky', () => { notPromised('attempt'); expect(attempt('flaky')).toBe(3); });`,
    retried(2),
  ),
  'retries-used-up': file(
    `test('fails', () => { notPromised('attempt'); expect(1).toBe(2); });\n${waits}`,
    retried(2),
  ),
  'flaky-beside-hard': file(
    `${flaky}test('fails', () => { notPromised('attempt'); expect(1).toBe(2); });\n${waits}`,
    retried(1),
  ),
  'no-retries-here': file(
    `test.describe(() => { test.describe.configure({ retries: 0 }); ${fails} });\n${waits}`,
    retried(2),
  ),
  'retries-of-block': file(
    `test.describe(() => { test.describe.configure({ retries: 1 });
      test('fails', () => { notPromised('attempt'); expect(1).toBe(2); }); });\n${waits}`,
  ),
  'retries-of-block-flaky': file(
    `test.describe(() => { test.describe.configure({ retries: 1 }); ${flaky} });\n${passes}`,
  ),
  'retries-of-test': { cannot: 'Playwright gives retries to blocks, projects and runs, not to one test.' },
  'retries-after-delay': { cannot: 'Playwright has no delay before a retry.' },
  'retries-immediate': file(
    `test('fails', () => { notPromised('attempt'); expect(1).toBe(2); });\n${waits}`,
    {
      config: `{ workers: 1, retries: 1, retryStrategy: 'immediate' }`,
      versions: [{ when: '<1.62', cannot: 'retryStrategy came with 1.62; its default is immediate.' }],
    },
  ),
  'retries-by-condition': { cannot: 'Playwright has no condition for retries.' },
  'retries-isolated': files(
    `test('fails', () => { notPromised('attempt'); expect(1).toBe(2); });\n`,
    passes,
    {
      config: `{ workers: 1, retries: 1, retryStrategy: 'isolated' }`,
      versions: [{ when: '<1.62', cannot: 'Isolated retries came with 1.62.' }],
    },
  ),
  'timeout-then-passes': file(
    `test('slow once', async () => { test.setTimeout(500); if (attempt('slow') === 1) await new Promise(() => {}); });`,
    retried(1),
  ),
  'whole-block-retried': file(
    `test.describe.serial('block', () => {
      test('first', () => { notPromised('attempt'); });
      test('second', () => { notPromised('attempt'); expect(1).toBe(2); });
    });\n${waits}`,
    retried(1),
  ),
  'whole-block-flaky': file(
    `test.describe.serial('block', () => { test('first', () => {}); ${flaky} test('third', () => {}); });`,
    retried(1),
  ),
  'skipped-seals': file(
    `test.describe.serial('block', () => {
      test('first', () => { expect(attempt('first')).toBe(1); });
      test('second', () => { notPromised('attempt'); expect(1).toBe(2); });
    });\n${waits}`,
    {
      ...retried(1),
      versions: [
        {
          when: '<1.45',
          expect: { exit: 0, promised: false },
          because: 'A failed attempt and a skipped one made a flaky test in early versions.',
        },
      ],
    },
  ),
  concurrent: file(
    `test.describe.parallel('block', () => {
      ${fails} test('waits', async () => { await promised('other worker'); }); });`,
    { config: '{ workers: 2 }' },
  ),
  'concurrent-flaky': file(`test.describe.parallel('block', () => { ${flaky} ${passes} });`, {
    config: '{ workers: 2, retries: 1 }',
  }),
  repeats: file(
    `test('fails at times', async () => {
      if (attempt('times') === 2) throw new Error('second time');
      if (test.info().repeatEachIndex === 2) await promised('third repetition'); });`,
    { config: '{ workers: 1, repeatEach: 3 }' },
  ),
  'repeats-flaky': file(`test('flaky', () => { expect(attempt('times')).not.toBe(2); });`, {
    config: '{ workers: 1, repeatEach: 3, retries: 1 }',
  }),

  'expected-failure': file(`test('fails', () => { test.fail(); expect(1).toBe(2); });`),
  'expected-failure-retried': file(`test('fails', () => { test.fail(); expect(1).toBe(2); });`, retried(2)),
  'expected-failure-passes': file(`test('passes', () => { test.fail(); });\n${waits}`),
  'expected-failure-passes-retried': file(
    `test('passes', () => { test.fail(); notPromised('attempt'); });\n${waits}`,
    retried(1),
  ),
  'expectation-by-attempt': file(
    `test('fails', () => { test.fail(test.info().retry === 1); expect(1).toBe(2); });`,
    retried(1),
  ),
  skipped: file(
    `test.skip('skipped', () => { expect(1).toBe(2); }); test.fixme('to do', () => {});\n${passes}`,
  ),
  'skip-while-running': file(`test('skips', () => { test.skip(); expect(1).toBe(2); });\n${passes}`),
  'skip-after-soft-failure': file(
    `test('skips', () => { expect.soft(1).toBe(2); test.skip(); });\n${waits}`,
    {
      expect: { ...exitOne, by: 'attempt' },
      because: 'A soft failure stays a failure when the test skips itself afterwards.',
    },
  ),
  'skip-at-retry': file(
    `test('skips', () => { test.skip(test.info().retry === 1); expect(1).toBe(2); });\n${passes}`,
    retried(1),
  ),
  only: file(`test.only('focused', () => {});`, { config: '{ workers: 1, forbidOnly: true }' }),
};
