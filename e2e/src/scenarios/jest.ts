import type { Fixtures } from './fixture.ts';
import {
  configured,
  early,
  fails,
  failsLast,
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
  settlesInWorker,
  settlesSince30,
  waits,
} from './jest-project.ts';
import { jestRunErrors } from './jest-run-errors.ts';

const wholeBlock = { versions: [{ when: '<30.5', cannot: 'Jest before 30.5 retries no whole blocks.' }] };
const noneOfThat = (what: string) => ({ cannot: `Jest has no ${what}.` });

export const jestFixtures: Fixtures = {
  ...jestRunErrors,
  green: files(passes, passes + early),
  'first-test': settlesInWorker(fails),
  'last-test': file(early + fails),
  'earlier-file': files(fails, waits),
  'parallel-file': project(
    { 'a.test.js': head + fails, 'b.test.js': head + waits },
    { config: `{ ${inWorkers} }` },
  ),
  'one-process': settles(fails),
  'blocked-thread': file(`${fails}test('blocks', () => { promisedSync('blocked thread'); }, 20_000);`),
  'many-failures': settlesInWorker(
    `for (let i = 0; i < 20; i++) test('fails ' + i, () => { throw new Error('no ' + i); });\n`,
  ),
  'nested-blocks': settles(
    `describe('a', () => describe('b', () => describe('c', () => { describe('d', () => { ${fails} }); })));\n`,
  ),
  parametrised: settles(`test.each([1, 2, 3])('case %i', (n) => { expect(n).not.toBe(2); });\n`),
  'same-names': settles(
    `${retry(1)}describe('one', () => { test('same', () => { expect(attempt('same')).toBe(2); }); });
     describe('two', () => { test('same', () => { notPromised('in two'); expect(1).toBe(2); }); });\n`,
  ),
  'odd-titles': settlesInWorker(
    `test('päyß "by" \\'card\\' > 漢字 \\n 🧨 \\u202e \\ud83d', () => { expect(1).toBe(2); });\n`,
  ),
  'odd-errors': settles(`test('text', () => { throw 'a text'; });
    test('nothing', () => { throw undefined; });
    test('circle', () => { const circle = {}; circle.self = circle; throw circle; });\n`),
  timeout: settles(`test('slow', () => new Promise(() => {}), 100);\n`),
  'soft-failure': settlesSince30(`test('asserts nothing', () => { expect.assertions(1); });\n`),

  flaky: file(retry(1) + flaky + early),
  'flaky-last-retry': file(
    `${retry(3)}test('flaky', () => { notPromised('in flaky'); expect(attempt('flaky')).toBe(4); });\n${early}`,
  ),
  'retries-used-up': settlesInWorker(`${retry(2)}describe('block', () => { ${failsLast} });\n`),
  'flaky-beside-hard': settles(`${retry(1)}describe('block', () => { ${flaky}${failsLast} });\n`),
  'no-retries-here': settlesSince30(
    `${retry(2)}describe('once', () => { beforeAll(() => { jest.retryTimes(0); }); ${fails} });\n`,
  ),
  'retries-of-block': settles(
    `describe('block', () => { beforeAll(() => { jest.retryTimes(1); }); ${failsLast} });\n`,
  ),
  'retries-of-block-flaky': file(
    `describe('block', () => { beforeAll(() => { jest.retryTimes(1); }); ${flaky} });\n${early}`,
  ),
  'retries-of-test': noneOfThat('retries for one test alone'),
  'retries-after-delay': settles(
    `${retry(1, '{ waitBeforeRetry: 100 }')}describe('block', () => { ${failsLast} });\n`,
  ),
  'retries-immediate': settles(`${retry(2, '{ retryImmediately: true }')}${failsLast}`, {
    versions: [{ when: '<30', cannot: 'Jest before 30 retries at the end of the block only.' }],
  }),
  'retries-by-condition': noneOfThat('condition for retries'),
  'retries-isolated': file(retry(1) + failsLast + early),
  'timeout-then-passes': file(
    `${retry(1)}test('slow', () => (attempt('slow') === 1 ? new Promise(() => {}) : undefined), 100);\n${early}`,
  ),
  'whole-block-retried': settles(
    `describe('outer', () => { ${retry(1, '{ entireDescribe: true }')}
      describe('inner', () => { ${retry(1, '{ entireDescribe: true }')}
        test('first', () => {});
        test('second', () => { if (attempt('second') <= 4) notPromised('in second'); expect(1).toBe(2); });
      });
    });\n`,
    wholeBlock,
  ),
  'whole-block-flaky': file(
    `describe('block', () => { ${retry(1, '{ entireDescribe: true }')}
      test('first', () => { notPromised('in first'); }); ${flaky} });\n${early}`,
    wholeBlock,
  ),
  'skipped-seals': noneOfThat('skipped results that stand for an earlier attempt'),
  concurrent: settles(
    `describe('together', () => {
      test.concurrent('slow', async () => { await wait(200); });
      test.concurrent('fails', async () => { await wait(20); throw new Error('no'); });
    });\n`,
  ),
  'concurrent-flaky': file(
    `${retry(1)}describe('together', () => {
      test.concurrent('slow', async () => { await wait(200); notPromised('beside'); });
      test.concurrent('flaky', async () => { if (attempt('flaky') === 1) throw new Error('no'); });
    });\n`,
    {
      versions: [
        {
          when: '<30',
          expect: { exit: 1, promised: true, by: 'run-end' },
          because: 'The function of a concurrent test ran once before Jest 30, whatever the retries.',
        },
      ],
    },
  ),
  repeats: noneOfThat('repetitions of a test'),
  'repeats-flaky': noneOfThat('repetitions of a test'),

  'expected-failure': file(`test.failing('fails', () => { expect(1).toBe(2); });\n${early}`),
  'expected-failure-retried': file(
    `${retry(2)}test.failing('fails', () => { expect(1).toBe(2); });\n${early}`,
  ),
  'expected-failure-passes': settles(`test.failing('passes', () => {});\n`),
  'expected-failure-passes-retried': settles(
    `${retry(1)}describe('block', () => { test.failing('passes', () => { notPromised('attempt'); }); });\n`,
  ),
  'expectation-by-attempt': { cannot: 'In Jest a test is expected to fail in all its attempts or in none.' },
  skipped: file(`test.skip('no', () => { expect(1).toBe(2); });
    test.todo('later');
    describe.skip('block', () => { ${fails} });\n${passes}${early}`),
  'skip-while-running': noneOfThat('tests that skip themselves'),
  'skip-after-soft-failure': noneOfThat('tests that skip themselves'),
  'skip-at-retry': noneOfThat('tests that skip themselves'),
  only: file(`test.only('focused', () => {});\n${fails}`, {
    expect: { exit: 0, promised: false },
    because: 'Jest has no rule against focused tests.',
  }),

  'before-all': settlesInWorker(
    `describe('block', () => { beforeAll(() => { throw new Error('no'); }); ${passes} });\n`,
  ),
  'before-all-retried': settles(
    `${retry(2)}describe('block', () => { beforeAll(() => { throw new Error('no'); }); ${passes} });\n`,
  ),
  'before-all-flaky': settles(
    `${retry(2)}describe('block', () => { beforeAll(() => { expect(attempt('hook')).toBe(2); }); ${passes} });\n`,
    { expect: { exit: 1, promised: true, by: 'attempt' }, because: 'No retry follows a failed beforeAll.' },
  ),
  'before-each': settles(
    `describe('block', () => { beforeEach(() => { throw new Error('no'); }); ${passes} });\n`,
  ),
  'before-each-flaky': file(
    `${retry(1)}beforeEach(() => { expect(attempt('hook')).not.toBe(1); });\n${passes}${early}`,
  ),
  'after-each': settles(
    `describe('block', () => { afterEach(() => { throw new Error('no'); }); ${passes} });\n`,
  ),
  'after-each-flaky': file(
    `${retry(1)}afterEach(() => { expect(attempt('hook')).not.toBe(1); });\n${passes}${early}`,
  ),
  'after-all': files(`afterAll(() => { throw new Error('no'); });\n${passes}`, waits),
  'after-all-retried': files(
    `${retry(1)}afterAll(() => { expect(attempt('hook')).not.toBe(1); });\n${passes}`,
    waits,
  ),

  projects: project(
    { 'a.test.js': head + fails, 'b.test.js': head + waits },
    {
      config: `{ ${inBand}, projects: [
        { displayName: 'one', transform: {}, testMatch: ['**/a.test.js'] },
        { displayName: 'two', transform: {}, testMatch: ['**/*.test.js'] }] }`,
    },
  ),
  'projects-flaky': project(
    {
      'a.test.js': `${head}${retry(1)}
        test('flaky', () => { notPromised('in flaky'); expect(attempt('flaky')).not.toBe(3); });\n`,
    },
    {
      config: `{ ${inBand}, projects: [
        { displayName: 'one', transform: {} }, { displayName: 'two', transform: {} }] }`,
      options: { debug: true },
    },
  ),

  'below-threshold': file(fails + passes, { options: { threshold: 2 } }),
  'at-threshold': settles(
    `test('one', () => { throw new Error('no'); });
     test('between', () => { notPromised('between'); });
     test('two', () => { throw new Error('no'); });\n`,
    { options: { threshold: 2 } },
  ),
  muted: file(fails + passes, { options: { muted: ['*fails'] } }),
  'muted-beside-hard': settles(`test('muted', () => { throw new Error('no'); });\n${fails}`, {
    options: { muted: ['*muted'] },
  }),
  'outer-retries': file(fails + passes, { options: { outerRetries: 1 } }),
  'nested-run': configured(
    `testPathIgnorePatterns: ['/inner/'], modulePathIgnorePatterns: ['/inner/']`,
    `test('starts a run', () => { expect(runAgain(['--rootDir', 'inner', '--config', 'inner/config.json'])).toBe(1); }, 30_000);`,
    {
      'inner/b.test.js': fails,
      'inner/config.json': JSON.stringify({
        watchman: false,
        transform: {},
        reporters: ['default', '@promise-failure/jest'],
      }),
    },
  ),
};
