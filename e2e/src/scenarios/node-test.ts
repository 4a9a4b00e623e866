import type { Fixtures } from './fixture.ts';
import { early, fails, file, files, forgiven, head, passes, program, waits } from './node-test-project.ts';
import { nodeTestRunErrors } from './node-test-run-errors.ts';

const noRetries = { cannot: 'node:test runs each test once; to run the failed ones again takes a new run.' };
const noExpect = { cannot: 'node:test has no assertions of this kind.' };
/** Of the newest versions alone. */
const expectsFailure = [{ when: '<24', cannot: 'Node.js before 24 knows no expected failure.' }];

export const nodeTestFixtures: Fixtures = {
  ...nodeTestRunErrors,
  green: files(head + passes, passes + early),
  'first-test': file(fails + waits),
  'last-test': file(early + fails),
  'earlier-file': files(head + fails, waits),
  'parallel-file': {
    files: { 'a.test.js': head + waits, 'b.test.js': head + fails },
    args: ['--test-concurrency=2'],
    versions: [
      {
        when: '<24.20 || >=25 <26.6',
        cannot: 'Such a Node.js reports a file when those before it have ended.',
      },
    ],
  },
  'one-process': program(fails + waits),
  'blocked-thread': file(`${fails}test('blocks', () => {
    const end = Date.now() + 800;
    while (Date.now() < end);
  });`),
  'many-failures': file(`for (let i = 0; i < 30; i++) test('fails ' + i, no);\n${waits}`),
  'nested-blocks': file(
    `describe('a', () => describe('b', () => describe('c', () => describe('d', () => { ${fails} }))));\n${waits}`,
  ),
  parametrised: file(`for (const n of [1, 2, 3]) test('case ' + n, () => { if (n === 2) no(); });\n${waits}`),
  'same-names': file(
    `describe('one', () => { test('same', { todo: true }, no); });
     ${early}describe('two', () => { test('same', no); });\n${waits}`,
  ),
  'odd-titles': file(`test('päyß "by" \\'card\\' > 漢字 \\n 🧨 \\u202e', no);\n${waits}`),
  'odd-errors': file(`test('text', () => { throw 'a text'; });
    test('nothing', () => { throw undefined; });
    test('circle', () => { const circle = {}; circle.self = circle; throw circle; });\n${waits}`),
  timeout: file(`test('slow', { timeout: 100 }, () => wait(2000));\n${waits}`),
  'soft-failure': noExpect,

  flaky: noRetries,
  'flaky-last-retry': noRetries,
  'retries-used-up': noRetries,
  'flaky-beside-hard': noRetries,
  'no-retries-here': noRetries,
  'retries-of-block': noRetries,
  'retries-of-block-flaky': noRetries,
  'retries-of-test': noRetries,
  'retries-after-delay': noRetries,
  'retries-immediate': noRetries,
  'retries-by-condition': noRetries,
  'retries-isolated': noRetries,
  'timeout-then-passes': noRetries,
  'whole-block-retried': noRetries,
  'whole-block-flaky': noRetries,
  'skipped-seals': noRetries,
  concurrent: file(`describe('together', { concurrency: true }, () => {
    test('slow', () => wait(200));
    test('fails', async () => { await wait(20); no(); });
    test('waits', async () => { await promised('beside'); });
  });\n${waits}`),
  'concurrent-flaky': noRetries,
  repeats: noRetries,
  'repeats-flaky': noRetries,

  'expected-failure': file(`test.expectFailure('fails', no);\n${early}`, { versions: expectsFailure }),
  'expected-failure-retried': noRetries,
  'expected-failure-passes': file(`test.expectFailure('passes', () => {});\n${waits}`, {
    versions: expectsFailure,
  }),
  'expected-failure-passes-retried': noRetries,
  'expectation-by-attempt': noRetries,
  skipped: file(
    `test('no', { skip: true }, no);\ntest.todo('later');\n${forgiven}
     describe('block', { skip: true }, () => { ${fails} });\n${passes}${early}`,
  ),
  'skip-while-running': file(`test('skips', (context) => { context.skip(); });\n${early}`),
  'skip-after-soft-failure': file(`test('skips', (context) => { context.skip(); no(); });\n${early}`, {
    versions: [
      {
        when: '<22',
        expect: { exit: 1, promised: true, by: 'exit' },
        because: 'Node.js 20 fails a skipped test that throws.',
      },
    ],
  }),
  'skip-at-retry': noRetries,
  only: file(`test('focused', { only: true }, () => {});\n${passes}`, {
    expect: { exit: 0, promised: false },
    because: 'A focused test is no failure.',
  }),

  'before-all': file(`describe('block', () => { before(no);\n${passes} });\n${waits}`),
  'before-all-retried': noRetries,
  'before-all-flaky': noRetries,
  'before-each': file(`describe('block', () => { beforeEach(no);\n${passes} });\n${waits}`),
  'before-each-flaky': noRetries,
  'after-each': file(`describe('block', () => { afterEach(no);\n${passes} });\n${waits}`),
  'after-each-flaky': noRetries,
  'after-all': {
    ...files(`${head}describe('block', () => { after(no);\n${passes} });`, waits),
    versions: [
      {
        when: '>=22 <24.18',
        expect: { exit: 0, promised: false },
        because: 'Such a Node.js shows the failure and exits with 0.',
      },
    ],
  },
  'after-all-retried': noRetries,

  'below-threshold': file(fails + passes + early, { options: { threshold: 2 } }),
  'at-threshold': file(`${fails}${early}test('fails, too', no);\n${waits}`, { options: { threshold: 2 } }),
  muted: file(`describe('block', () => { ${fails} });\n${passes}`, { options: { muted: ['block fails'] } }),
  'muted-beside-hard': file(
    `describe('block', () => { ${fails} });\ntest('looks', async () => { await wait(300); notPromised('muted'); });
     test('counts', no);\n${waits}`,
    { options: { muted: ['block fails'] } },
  ),
  'outer-retries': file(fails + passes, { options: { outerRetries: 1 } }),
};
