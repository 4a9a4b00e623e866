import type { Fixtures } from './fixture.ts';
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
import { vitestRunErrors } from './vitest-run-errors.ts';

const retry = (count: number) => `retry: ${count}`;

export const vitestFixtures: Fixtures = {
  ...vitestRunErrors,
  green: files(head + passes, passes + early),
  'first-test': file(fails + waits),
  'last-test': file(early + fails),
  'earlier-file': files(head + fails, waits),
  'parallel-file': {
    files: { 'a.test.js': head + fails, 'b.test.js': head + waits },
    config: '{ maxWorkers: 2, minWorkers: 1 }',
  },
  'one-process': configured(`pool: 'threads', isolate: false, ${oneByOne}`, fails + waits),
  'blocked-thread': file(`${fails}test('blocks', () => {
    const end = Date.now() + 800;
    while (Date.now() < end);
  });`),
  'many-failures': file(
    `test.each(Array.from({ length: 30 }, (_, i) => i))('fails %i', (i) => { throw new Error('no ' + i); });\n${waits}`,
  ),
  'nested-blocks': file(
    `describe('a', () => describe('b', () => describe('c', () => describe('d', () => { ${fails} }))));\n${waits}`,
  ),
  parametrised: file(`test.each([1, 2, 3])('case %i', (n) => { expect(n).not.toBe(2); });\n${waits}`),
  'same-names': configured(
    retry(1),
    `describe('one', () => { test('same', () => { expect(attempt('same')).toBe(2); }); });
     ${early}describe('two', () => { test('same', () => { expect(1).toBe(2); }); });\n${waits}`,
  ),
  'odd-titles': file(
    `test('päyß "by" \\'card\\' > 漢字 \\n 🧨 \\u202e', () => { expect(1).toBe(2); });\n${waits}`,
  ),
  'odd-errors': file(`test('text', () => { throw 'a text'; });
    test('nothing', () => { throw undefined; });
    test('circle', () => { const circle = {}; circle.self = circle; throw circle; });\n${waits}`),
  timeout: file(`test('slow', () => new Promise(() => {}), 100);\n${waits}`),
  'soft-failure': file(`test('soft', () => { expect.soft(1).toBe(2); });\n${waits}`),

  flaky: configured(retry(1), flaky + early),
  'flaky-last-retry': configured(
    retry(3),
    `test('flaky', () => { expect(attempt('flaky')).toBe(4); });\n${early}`,
  ),
  'retries-used-up': configured(
    retry(2),
    `test('fails', () => { notPromised('before the last attempt');
    attempt('fails'); expect(1).toBe(2); });\n${waits}`,
  ),
  'flaky-beside-hard': configured(retry(1), flaky + early + fails + waits),
  'no-retries-here': configured(retry(2), `describe('once', { retry: 0 }, () => { ${flaky} });\n${waits}`),
  'retries-of-block': file(`describe('block', { retry: 2 }, () => { ${fails} });\n${waits}`),
  'retries-of-block-flaky': file(`describe('block', { retry: 1 }, () => { ${flaky} });\n${early}`),
  'retries-of-test': file(`test('fails', { retry: 2 }, () => { expect(1).toBe(2); });\n${waits}`),
  'retries-after-delay': configured(`retry: { count: 2, delay: 50 }`, fails + waits, {
    versions: [{ when: '<4.1', cannot: 'Vitest before 4.1 retries without a delay.' }],
  }),
  'retries-immediate': configured(retry(1), fails + waits),
  'retries-by-condition': file(
    `test('fails', { retry: { count: 5, condition: /again/ } }, () => {
       throw new Error(attempt('fails') === 1 ? 'again' : 'enough');
     });\n${waits}`,
    { versions: [{ when: '<4.1', cannot: 'Vitest before 4.1 knows no condition for retries.' }] },
  ),
  'retries-isolated': { cannot: 'Vitest retries a test at once, always.' },
  'timeout-then-passes': configured(
    retry(1),
    `test('slow', () => (attempt('slow') === 1 ? new Promise(() => {}) : undefined), 100);\n${early}`,
  ),
  'whole-block-retried': { cannot: 'Vitest retries tests and no blocks.' },
  'whole-block-flaky': { cannot: 'Vitest retries tests and no blocks.' },
  'skipped-seals': { cannot: 'Vitest reports a test once, after its last attempt.' },
  concurrent: file(`describe('together', () => {
    test.concurrent('slow', async () => { await wait(200); });
    test.concurrent('fails', async () => { await wait(20); expect(1).toBe(2); });
    test.concurrent('waits', async () => { await promised('beside'); }, 20_000);
  });\n${waits}`),
  'concurrent-flaky': configured(
    retry(1),
    `describe('together', () => {
      test.concurrent('slow', async () => { await wait(200); notPromised('beside'); });
      test.concurrent('flaky', async () => { expect(attempt('flaky')).toBe(2); });
    });`,
  ),
  repeats: file(
    `test('repeated', { repeats: 2 }, () => { expect(attempt('repeated')).not.toBe(2); });\n${waits}`,
  ),
  'repeats-flaky': file(
    `test('repeated', { repeats: 2, retry: 1 }, () => { expect(attempt('repeated')).not.toBe(2); });\n${early}`,
  ),

  'expected-failure': file(`test.fails('fails', () => { expect(1).toBe(2); });\n${early}`),
  'expected-failure-retried': configured(
    retry(2),
    `test.fails('fails', () => { expect(1).toBe(2); });\n${early}`,
  ),
  'expected-failure-passes': file(`test.fails('passes', () => {});\n${waits}`),
  'expected-failure-passes-retried': configured(retry(2), `test.fails('passes', () => {});\n${waits}`),
  'expectation-by-attempt': {
    cannot: 'In Vitest a test is expected to fail in all its attempts or in none.',
  },
  skipped: file(`test.skip('no', () => { expect(1).toBe(2); });
    test.todo('later');
    describe.skip('block', () => { ${fails} });\n${passes}${early}`),
  'skip-while-running': file(`test('skips', (context) => { context.skip(); });\n${early}`),
  'skip-after-soft-failure': file(
    `test('skips', (context) => { expect.soft(1).toBe(2); context.skip(); });\n${early}`,
  ),
  'skip-at-retry': configured(
    retry(1),
    `test('skips', (context) => { if (attempt('skips') === 2) context.skip(); expect(1).toBe(2); });\n${early}`,
  ),
  only: file(`test.only('focused', () => {});\n${passes}`),

  'before-all': file(
    `describe('block', () => { beforeAll(() => { throw new Error('no'); });\n${passes} });\n${waits}`,
  ),
  'before-all-retried': configured(
    retry(2),
    `describe('block', () => { beforeAll(() => { throw new Error('no'); });\n${passes} });\n${waits}`,
  ),
  'before-all-flaky': configured(
    retry(1),
    `describe('block', () => {
       beforeAll(() => { if (attempt('hook') === 1) throw new Error('no'); });\n${passes}
     });\n${waits}`,
    { expect: { exit: 1, promised: true, by: 'attempt' }, because: 'Vitest runs such a hook once.' },
  ),
  'before-each': file(
    `describe('block', () => { beforeEach(() => { throw new Error('no'); });\n${passes} });\n${waits}`,
  ),
  'before-each-flaky': configured(
    retry(1),
    `describe('block', () => {
       beforeEach(() => { if (attempt('hook') === 1) throw new Error('no'); });\n${passes}
     });\n${early}`,
  ),
  'after-each': file(
    `describe('block', () => { afterEach(() => { throw new Error('no'); });\n${passes} });\n${waits}`,
  ),
  'after-each-flaky': configured(
    retry(1),
    `describe('block', () => {
       afterEach(() => { if (attempt('hook') === 1) throw new Error('no'); });\n${passes}
     });\n${early}`,
  ),
  'after-all': file(
    `describe('block', () => { afterAll(() => { throw new Error('no'); });\n${passes} });\n${waits}`,
  ),
  'after-all-retried': configured(
    retry(1),
    `describe('block', () => {
       afterAll(() => { if (attempt('hook') === 1) throw new Error('no'); });\n${passes}
     });\n${waits}`,
  ),

  'below-threshold': file(fails + passes + early, { options: { threshold: 2 } }),
  'at-threshold': file(`${fails}${early}test('fails, too', () => { expect(1).toBe(2); });\n${waits}`, {
    options: { threshold: 2 },
  }),
  muted: file(`describe('block', () => { ${fails} });\n${passes}`, { options: { muted: ['block fails'] } }),
  'muted-beside-hard': file(
    `describe('block', () => { ${fails} });\ntest('looks', async () => { await wait(300); notPromised('muted'); });
     test('counts', () => { expect(1).toBe(2); });\n${waits}`,
    { options: { muted: ['block fails'] } },
  ),
  'outer-retries': file(fails + passes, { options: { outerRetries: 1 } }),
};
