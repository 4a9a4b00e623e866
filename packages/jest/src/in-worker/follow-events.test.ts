import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Circus } from '@jest/types';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { likelyChannel } from './channels.ts';
import { follow } from './follow.ts';

type Handler = (event: Circus.Event, state: Circus.State) => unknown;
type Block = Circus.DescribeBlock;

const folder = mkdtempSync(join(tmpdir(), 'pf-'));
const path = join(folder, 'final');
/** What was written when the reporters were told of each event. */
let writtenWhenTold: number[];
let handlers: Handler[];
let sandbox: object;
let wholeBlocks: Map<Block, { numRetries: number }>;

beforeEach(() => {
  wholeBlocks = new Map();
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
  it('is final without retries, and named by its titles', () => {
    expect(attempt(testIn(block('Checkout', block('ROOT_DESCRIBE_BLOCK'))))).toBe(true);
    expect(lines()).toEqual([expect.stringMatching(/^[0-9a-f]{64}$/)]);
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
    const inner = block('inner', outer);
    for (const each of [outer, inner]) wholeBlocks.set(each, { numRetries: 1 });
    const test = testIn(inner);
    expect(attempt(test)).toBe(false);
    dispatch({ name: 'describe_retry', describeBlock: inner });
    expect(again(test)).toBe(false);
    dispatch({ name: 'describe_retry', describeBlock: outer });
    expect(again(test)).toBe(false);
    dispatch({ name: 'describe_retry', describeBlock: inner });
    expect(again(test)).toBe(true);
  });
});

it('says in this process that a failure is likely, unless the test is expected to fail', () => {
  const said: string[] = [];
  const listen = () => said.push('likely');
  subscribe(likelyChannel, listen);
  const test = testIn(block('ROOT_DESCRIBE_BLOCK'));
  dispatch({ name: 'test_fn_failure', test: { ...test, failing: true } });
  dispatch({ name: 'test_fn_success', test });
  expect(said).toEqual([]);
  dispatch({ name: 'test_fn_failure', test });
  dispatch({ name: 'hook_failure', test });
  unsubscribe(likelyChannel, listen);
  expect(said).toEqual(['likely', 'likely']);
});

it('writes no file while tests pass', () => {
  setGlobal('RETRY_TIMES', 1);
  const test = testIn(block('ROOT_DESCRIBE_BLOCK'));
  expect([attempt(test), again(test, 'passed')]).toEqual([false, false]);
  expect(existsSync(path)).toBe(false);
});

it('lets no error of its own reach the tests', () => {
  rmSync(folder, { recursive: true });
  expect(attempt(testIn(block('ROOT_DESCRIBE_BLOCK')))).toBe(false);
});
