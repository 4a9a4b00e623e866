import fc from 'fast-check';
import { expect, it } from 'vitest';
import { boundHistory, foldHistories } from './fold.ts';
import { type History, parseHistory, printHistory } from './format.ts';

const failure = fc.record({
  run: fc.constantFrom('r1', 'r2', 'r3', 'r4'),
  at: fc.integer({ min: 0, max: 1000 }),
  branch: fc.constantFrom('main', 'topic'),
  flaky: fc.boolean(),
  ms: fc.integer({ min: 0, max: 50 }),
});
const history = fc
  .dictionary(
    fc.constantFrom('a', 'b', 'c'),
    fc.record({ ms: fc.nat(99), at: fc.nat(5), failures: fc.array(failure, { maxLength: 4 }) }),
  )
  .map((files): History => new Map(Object.entries(files)));
const plain = (folded: History) => Object.fromEntries([...folded].sort());

it('folds to the same in any order, and with any history twice', () => {
  fc.assert(
    fc.property(history, history, history, (a, b, c) => {
      const all = plain(foldHistories([a, b, c]));
      expect(plain(foldHistories([c, a, b, a]))).toEqual(all);
      expect(plain(foldHistories([foldHistories([b, c]), a]))).toEqual(all);
    }),
  );
});

it('counts a build in which a file failed in two jobs once, as the harder failure', () => {
  const of = (flaky: boolean): History =>
    new Map([['a', { at: 1, failures: [{ run: 'r', at: 1, branch: 'main', flaky }] }]]);
  expect(foldHistories([of(true), of(false)]).get('a')?.failures).toEqual([
    { run: 'r', at: 1, branch: 'main', flaky: false },
  ]);
});

it('reads what it has written', () => {
  fc.assert(
    fc.property(history, (written) => {
      const folded = foldHistories([written]);
      expect(plain(parseHistory(printHistory(folded)) as History)).toEqual(plain(folded));
    }),
  );
});

it('stays below its bound and drops first what never failed', () => {
  const entries = Array.from(
    { length: 1000 },
    (_, at): [string, { ms: number; at: number; failures: never[] }] => [
      `file-${at}.test.ts`,
      { ms: 1, at: 1000 + at, failures: [] },
    ],
  );
  const old = { ms: 1, at: 1, failures: [{ run: 'r', at: 1, branch: 'main', flaky: false }] };
  const kept = boundHistory(new Map([...entries, ['failed.test.ts', old]]), 2000, 10_000);
  expect(Buffer.byteLength(printHistory(kept))).toBeLessThanOrEqual(10_000);
  expect(kept.has('failed.test.ts')).toBe(true);
  expect(kept.has('file-999.test.ts')).toBe(true);
  expect(kept.has('file-0.test.ts')).toBe(false);
});
