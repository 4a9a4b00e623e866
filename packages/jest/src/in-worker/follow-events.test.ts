import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCaseResult } from '@jest/test-result';
import type { Circus } from '@jest/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FinalAttempts } from '../final-attempts.ts';
import { follow } from './follow.ts';

type Handler = (event: Circus.Event, state: Circus.State) => unknown;
type Block = Circus.DescribeBlock;

const folder = mkdtempSync(join(tmpdir(), 'pf-'));
const path = join(folder, 'final');
/** What was written when the reporters were told of each event. */
let writtenWhenTold: number[];
let handlers: Handler[];
let sandbox: object;
/** None before Jest 30.5. */
let wholeBlocks: Map<Block, { numRetries: number }> | undefined;

beforeEach(() => {
  wholeBlocks = undefined;
  writtenWhenTold = [];
  handlers = [() => {}, () => writtenWhenTold.push(lines().length), () => {}];
  sandbox = {};
  setGlobal('EVENT_HANDLERS', handlers);
  follow(sandbox, path);
});

afterEach(() => {
  rmSync(path, { force: true });
});

function setGlobal(name: string, value: unknown): void {
  Reflect.set(sandbox, Symbol.for(name), value);
}

function block(name: string, parent?: Block): Block {
  const made = { type: 'describeBlock', name, parent, children: [] } as unknown as Block;
  parent?.children.push(made);
  return made;
}

function testIn(parent: Block, name = 'pays'): Circus.TestEntry {
  const made = { type: 'test', name, parent, errors: [], invocations: 0 };
  parent.children.push(made as unknown as Circus.TestEntry);
  return made as unknown as Circus.TestEntry;
}

function dispatch(event: object): void {
  const state = { describeRetryOptions: wholeBlocks } as unknown as Circus.State;
  for (const handler of handlers) handler(event as Circus.Event, state);
}

/** One attempt, as circus runs it; true if it was called final. */
function attempt(test: Circus.TestEntry, ends: 'failed' | 'passed' = 'failed'): boolean {
  const before = lines().length;
  dispatch({ name: 'test_start', test });
  test.invocations += 1;
  if (ends === 'failed') test.errors.push(new Error('no'));
  dispatch({ name: 'test_done', test });
  return lines().length > before;
}

function again(test: Circus.TestEntry, ends?: 'failed' | 'passed'): boolean {
  test.errors = [];
  return attempt(test, ends);
}

function lines(): string[] {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : [];
}

describe('an attempt that fails', () => {
  it('is final without retries', () => {
    expect(attempt(testIn(block('Checkout', block('ROOT_DESCRIBE_BLOCK'))))).toBe(true);
  });

  it('is named, in no plain words, by the file, the titles and its number, as the reporter asks for it', () => {
    const env: NodeJS.ProcessEnv = {};
    const finals = new FinalAttempts();
    finals.open(env);
    const told = env.PROMISE_FAILURE_JEST_FINAL ?? '';
    setGlobal('EVENT_HANDLERS', handlers);
    setGlobal('$$jest-matchers-object', { state: { testPath: '/a.test.js' } });
    follow(sandbox, told);
    attempt(testIn(block('Checkout', block('ROOT_DESCRIBE_BLOCK'))));
    const asked = (invocations: number) =>
      ({ invocations, ancestorTitles: ['Checkout'], title: 'pays' }) as unknown as TestCaseResult;
    expect(readFileSync(told, 'utf8')).toMatch(/^[0-9a-f]{64}\n$/);
    expect(finals.has('/a.test.js', asked(2))).toBe(false);
    expect(finals.has('/a.test.js', asked(1))).toBe(true);
    finals.close(env);
  });

  it('is written down before the reporters are told', () => {
    attempt(testIn(block('ROOT_DESCRIBE_BLOCK')));
    expect(writtenWhenTold).toEqual([0, 1]);
  });

  it('is final when all retries are used up', () => {
    setGlobal('RETRY_TIMES', '2');
    const test = testIn(block('ROOT_DESCRIBE_BLOCK'));
    expect([attempt(test), again(test), again(test)]).toEqual([false, false, true]);
  });

  it('is final at once after a hook before all tests failed', () => {
    setGlobal('RETRY_TIMES', 2);
    const test = testIn(block('ROOT_DESCRIBE_BLOCK'));
    test.errors.push(new Error('hook'));
    expect(attempt(test)).toBe(true);
  });

  it('is not final because an error of the one before it came late', () => {
    setGlobal('RETRY_TIMES', 2);
    const test = testIn(block('ROOT_DESCRIBE_BLOCK'));
    attempt(test);
    test.errors = [new Error('late')];
    expect([attempt(test), again(test)]).toEqual([false, true]);
  });

  it('has the retries that its block had when its first test began', () => {
    const outer = block('ROOT_DESCRIBE_BLOCK');
    const inner = block('inner', outer);
    const [first, second, third] = [testIn(inner), testIn(outer, 'second'), testIn(inner, 'third')];
    dispatch({ name: 'run_describe_start', describeBlock: inner });
    setGlobal('RETRY_TIMES', 1);
    expect(attempt(first)).toBe(false);
    setGlobal('RETRY_TIMES', 0);
    expect(attempt(third)).toBe(false);
    setGlobal('RETRY_TIMES', 5);
    expect(attempt(second)).toBe(true);
  });

  it('is final only when every block around it that is retried as a whole has used up its retries', () => {
    const outer = block('outer', block('ROOT_DESCRIBE_BLOCK'));
    testIn(outer);
    const inner = block('inner', outer);
    wholeBlocks = new Map([outer, inner].map((each) => [each, { numRetries: 1 }]));
    const test = testIn(inner);
    expect(attempt(test)).toBe(false);
    dispatch({ name: 'describe_retry', describeBlock: inner });
    expect(again(test)).toBe(false);
    dispatch({ name: 'describe_retry', describeBlock: outer });
    expect(again(test)).toBe(false);
    dispatch({ name: 'describe_retry', describeBlock: inner });
    expect(again(test)).toBe(true);
  });

  it('has in a block that is retried as a whole the retries of the block alone', () => {
    setGlobal('RETRY_TIMES', 5);
    const whole = block('ROOT_DESCRIBE_BLOCK');
    wholeBlocks = new Map([[whole, { numRetries: 2 }]]);
    const test = testIn(whole);
    expect(attempt(test)).toBe(false);
    dispatch({ name: 'describe_retry', describeBlock: whole });
    expect(again(test)).toBe(false);
    dispatch({ name: 'describe_retry', describeBlock: whole });
    expect(again(test)).toBe(true);
  });
});

it('says in this process that a failure is likely, unless the test is expected to fail', () => {
  const said: string[] = [];
  const listen = () => said.push('likely');
  subscribe('promise-failure:jest:failure-likely', listen);
  const test = testIn(block('ROOT_DESCRIBE_BLOCK'));
  dispatch({ name: 'test_fn_failure', test: { ...test, failing: true } });
  dispatch({ name: 'test_fn_success', test });
  expect(said).toEqual([]);
  dispatch({ name: 'test_fn_failure', test });
  dispatch({ name: 'hook_failure', test });
  unsubscribe('promise-failure:jest:failure-likely', listen);
  expect(said).toEqual(['likely', 'likely']);
});

it('writes no file while tests pass', () => {
  setGlobal('RETRY_TIMES', 1);
  const test = testIn(block('ROOT_DESCRIBE_BLOCK'));
  expect([attempt(test), again(test, 'passed')]).toEqual([false, false]);
  expect(existsSync(path)).toBe(false);
});

it.each([0, 1])(
  'adds nothing to %i handlers, none of which can be the one that tells the reporters',
  (count) => {
    const few = handlers.slice(0, count);
    setGlobal('EVENT_HANDLERS', few);
    follow(sandbox, path);
    expect(few.length).toBe(count);
    for (const handler of few) handler({ name: 'test_done', test: { errors: [1] } } as never, {} as never);
    expect(lines()).toEqual([]);
  },
);

it('lets no error of its own reach the tests', () => {
  rmSync(folder, { recursive: true });
  expect(attempt(testIn(block('ROOT_DESCRIBE_BLOCK')))).toBe(false);
});
