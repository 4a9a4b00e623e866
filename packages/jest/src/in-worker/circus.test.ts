import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Circus } from '@jest/types';
import fc from 'fast-check';
import * as circus from 'jest-circus';
import { afterEach, expect, it, vi } from 'vitest';
import { follow } from './follow.ts';

// Where Jest's own `expect` would have its state, Vitest's stands in for it.
vi.hoisted(() => Reflect.deleteProperty(globalThis, Symbol.for('$$jest-matchers-object')));

/** A test by what its attempts come to, the last of them for ever. */
interface Test {
  readonly fails: readonly boolean[];
  /** `test.failing`: it is to fail. */
  readonly failing: boolean;
}

interface Block {
  readonly children: readonly (Test | Block)[];
  /** What its `beforeAll` hook asks for, as `jest.retryTimes` does. */
  readonly retryTimes: number | undefined;
  /** How often it is retried as a whole. */
  readonly asWhole: number | undefined;
  /** Of the runs of its `beforeAll` hook, those that fail. */
  readonly hookFails: readonly boolean[];
}

interface File extends Block {
  readonly immediately: boolean;
}

const retryTimes = Symbol.for('RETRY_TIMES');
const retryImmediately = Symbol.for('RETRY_IMMEDIATELY');
const path = join(mkdtempSync(join(tmpdir(), 'pf-')), 'final');
/** The attempts told as their tests' last. */
let told: string[] = [];
let lines = 0;
/** Tests that had failed when a block around them began that is retried as a whole: it is, if others fail in it. */
let open = new Set<Circus.TestEntry>();

// As Jest has them around ours (jest-circus legacy-code-todo-rewrite/jestAdapterInit.ts): the last but one reports.
circus.addEventHandler(() => {});
circus.addEventHandler((event, state) => {
  if (event.name === 'run_describe_start') begin(event.describeBlock, state);
  const before = lines;
  lines = existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
  if (lines === before) return;
  expect([event.name, lines - before]).toEqual(['test_done', 1]);
  if (event.name === 'test_done') told.push(attemptOf(event.test));
});
circus.addEventHandler(() => {});
follow(globalThis, path);

afterEach(forget);

function forget(): void {
  rmSync(path, { force: true });
  [told, lines, open] = [[], 0, new Set()];
  circus.resetState();
  for (const symbol of [retryTimes, retryImmediately]) Reflect.deleteProperty(globalThis, symbol);
}

const fails = fc.array(fc.boolean(), { minLength: 1, maxLength: 4 });
const test: fc.Arbitrary<Test> = fc.record({ fails, failing: fc.boolean() });
const retries = fc.option(fc.nat({ max: 2 }), { nil: undefined });
const hookFails = fc.oneof({ weight: 3, arbitrary: fc.constant([false]) }, fails);
const blockOf = (child: fc.Arbitrary<Test | Block>): fc.Arbitrary<Block> =>
  fc.record({
    children: fc.array(child, { maxLength: 3 }),
    ...{ retryTimes: retries, asWhole: retries, hookFails },
  });
const file: fc.Arbitrary<File> = fc
  .tuple(blockOf(fc.oneof(test, blockOf(fc.oneof(test, blockOf(test))))), fc.boolean())
  .map(([block, immediately]) => ({ ...block, immediately }));

/** Tells jest-circus of the block that is open. */
function define({ children, retryTimes: wanted, asWhole, hookFails }: Block): void {
  const { currentDescribeBlock, describeRetryOptions } = circus.getState();
  if (asWhole !== undefined) describeRetryOptions?.set(currentDescribeBlock, { numRetries: asWhole });
  const hook = endings(hookFails);
  circus.beforeAll(() => {
    if (wanted !== undefined) Reflect.set(globalThis, retryTimes, wanted);
    if (hook()) throw new Error('hook');
  });
  children.forEach((child, index) => {
    if ('children' in child) circus.describe(`block ${index}`, () => define(child));
    else defineTest(child, `test ${index}`);
  });
}

function defineTest({ fails, failing }: Test, name: string): void {
  const ends = endings(fails);
  (failing ? circus.it.failing : circus.it)(name, () => {
    if (ends()) throw new Error('no');
  });
}

function endings(list: readonly boolean[]): () => boolean {
  let next = 0;
  return () => list[Math.min(next++, list.length - 1)] ?? false;
}

function begin(block: Circus.DescribeBlock, state: Circus.State): void {
  if (!state.describeRetryOptions?.has(block)) return;
  for (const test of testsIn(block)) open[test.errors.length > 0 ? 'add' : 'delete'](test);
}

/** Which attempt of which test its latest is. */
function attemptOf({ name, parent, invocations }: Circus.TestEntry): string {
  let title = name;
  for (let block: Circus.DescribeBlock | undefined = parent; block; block = block.parent) {
    title = `${block.name} > ${title}`;
  }
  return `${title}, attempt ${invocations}`;
}

function testsIn(block: Circus.DescribeBlock): Circus.TestEntry[] {
  return block.children.flatMap((child) => (child.type === 'test' ? [child] : testsIn(child)));
}

it('tells of each test that jest-circus fails, whatever is retried, its last attempt and no other', async () => {
  await fc.assert(
    fc.asyncProperty(file, async (tests) => {
      forget();
      Reflect.set(globalThis, retryImmediately, tests.immediately);
      define(tests);
      const { rootDescribeBlock } = circus.getState();
      await circus.run();
      const failed = testsIn(rootDescribeBlock).filter(({ errors }) => errors.length > 0);
      expect(failed.map(attemptOf)).toEqual(expect.arrayContaining(told));
      const certain = failed.filter((test) => !open.has(test)).map(attemptOf);
      expect(told).toEqual(expect.arrayContaining(certain));
      expect(new Set(told).size).toBe(told.length);
    }),
    { numRuns: 60 },
  );
});
