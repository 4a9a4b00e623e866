import { describe, expect, it } from 'vitest';
import { madeUpPart, shownTest } from '../../test/made-up-part.ts';
import { mergeParts } from './merge-parts.ts';

const setup = { job: null, top: '/repo', now: 9000 };
const merge = (...parts: Parameters<typeof mergeParts>[0]) => mergeParts(parts, setup);

describe('mergeParts', () => {
  it('gives places below the top of the repository', () => {
    const { tests, runs, rerun } = merge(madeUpPart([shownTest('a')]));
    expect(tests).toMatchObject([{ name: 'Cart > a', file: 'shop/test/cart.test.js', line: 3 }]);
    expect(runs[0]?.folder).toBe('shop');
    expect(rerun).toEqual([
      { folder: 'shop', command: "npx jest --runTestsByPath test/cart.test.js -t '^Cart a$'" },
    ]);
  });

  it('tells the earliest promise, and its head start when all runs have ended', () => {
    const early = madeUpPart([shownTest('a')], { finishedAt: 5000, exitStatus: 1 });
    const late = madeUpPart([shownTest('b')], {
      startedAt: 1500,
      finishedAt: 7000,
      exitStatus: 1,
      promise: { exitStatus: 1, at: 3000, channel: 'Job API', outcome: 'debounced' },
    });
    const open = { ...late, finishedAt: null, exitStatus: null };
    expect(merge(late, early)).toMatchObject({
      started_at: '1970-01-01T00:00:01.000Z',
      finished_at: '1970-01-01T00:00:07.000Z',
      exit_status: 1,
      promise: { promised_at: '1970-01-01T00:00:02.000Z', outcome: 'declared', head_start_ms: 5000 },
      counts: { hard: 2 },
    });
    expect(merge(open, early)).toMatchObject({
      finished_at: null,
      exit_status: null,
      promise: { head_start_ms: null },
    });
  });

  it('tells why nothing is promised, and by whom it is held', () => {
    const held = { because: 'a layer around the runner may change the exit status', by: 'Trunk' };
    const part = madeUpPart([shownTest('a')], { promise: null, held, certain: false });
    expect(merge(part)).toMatchObject({ promise: null, held });
    expect(merge(part, madeUpPart([]))).toMatchObject({ promise: { exit_status: 1 }, held: null });
  });

  it('tells a test once that several runs show, with the attempts of all', () => {
    const one = madeUpPart([shownTest('a', { attempts: 2 })]);
    const two = madeUpPart([shownTest('a', { attempts: 2 })], { startedAt: 2000 });
    expect(merge(one, two)).toMatchObject({
      counts: { hard: 1 },
      tests: [{ attempts: 4 }],
      tests_omitted: 0,
    });
    expect(merge(one, two).rerun).toHaveLength(1);
  });

  it('leaves out what a wrapper has run again since', () => {
    const first = madeUpPart([shownTest('good later'), shownTest('bad')], {
      ...{ outerRetries: 1, family: '7', finishedAt: 2000 },
    });
    const again = madeUpPart([shownTest('bad')], { outerRetries: 1, family: '7', startedAt: 2100 });
    const merged = merge(first, again);
    expect(merged.tests.map(({ name, attempts }) => [name, attempts])).toEqual([['Cart > bad', 2]]);
    expect(merged.counts.hard).toBe(1);
    expect(merged.runs).toHaveLength(2);
  });

  it('tells at most 200 tests, and how many more there are', () => {
    const names = Array.from({ length: 150 }, (_, number) => `t${number}`);
    const part = (prefix: string, startedAt: number) => ({
      ...madeUpPart(names.map((name) => shownTest(prefix + name))),
      startedAt,
      counts: { hard: 400, muted: 0, flaky: 0, contradicted: 0 },
    });
    const merged = merge(part('a', 1), part('b', 2));
    expect(merged.tests).toHaveLength(200);
    expect(merged.tests_omitted).toBe(600);
  });

  it('counts errors that no test owns apart from tests', () => {
    const error = { kind: 'file', where: 'b', file: '/repo/shop/test/b.test.js', message: 'no' } as const;
    const part = madeUpPart([shownTest('a')], {
      errors: [error],
      counts: { hard: 2, muted: 0, flaky: 0, contradicted: 0 },
    });
    expect(merge(part)).toMatchObject({
      tests_omitted: 0,
      errors: [{ file: 'shop/test/b.test.js', runner: 'jest' }],
      rerun: [
        { command: "npx jest --runTestsByPath test/cart.test.js -t '^Cart a$'" },
        { command: 'npx jest --runTestsByPath test/b.test.js' },
      ],
    });
  });

  it('says of a shadow run that it only would have promised', () => {
    const part = madeUpPart([shownTest('a')], {
      dryRun: true,
      promise: { exitStatus: 1, at: 2000, channel: 'dry run', outcome: 'declared' },
    });
    expect(merge(part)).toMatchObject({ dry_run: true, promise: { outcome: 'dry run' } });
  });
});
