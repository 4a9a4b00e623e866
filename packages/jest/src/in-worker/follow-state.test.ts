import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, it } from 'vitest';
import { follow } from './follow.ts';

const stateSymbol = Symbol('JEST_STATE_SYMBOL');
const retryTimes = Symbol.for('RETRY_TIMES');
let path: string;
let sandbox: object;
let state: { currentlyRunningTest: object | null };

beforeEach(() => {
  path = join(mkdtempSync(join(tmpdir(), 'pf-')), 'final');
  state = { currentlyRunningTest: null };
  sandbox = { [Symbol('another')]: {}, [stateSymbol]: state };
  follow(sandbox, path);
});

const root = { type: 'describeBlock', name: 'ROOT_DESCRIBE_BLOCK' };
const newTest = (errors: unknown[] = []) => ({ name: 'pays', parent: root, errors, invocations: 0 });

/** One attempt, as jest-circus 28 and 29 run it; true if it was called final. */
function attempt(test: ReturnType<typeof newTest>, fails = true): boolean {
  const before = lines();
  state.currentlyRunningTest = test;
  test.invocations += 1;
  if (fails) test.errors.push(new Error('no'));
  state.currentlyRunningTest = null;
  return lines() > before;
}

function lines(): number {
  return existsSync(path) ? readFileSync(path, 'utf8').split('\n').length - 1 : 0;
}

it('calls a failed attempt final where no retries were asked for', () => {
  expect(attempt(newTest())).toBe(true);
});

it('calls it final only after as many retries as were ever asked for', () => {
  Reflect.set(sandbox, retryTimes, 2);
  Reflect.set(sandbox, retryTimes, 0);
  const test = newTest();
  expect([attempt(test), attempt(test), attempt(test)]).toEqual([false, false, true]);
  expect(Reflect.get(sandbox, retryTimes)).toBe(0);
});

it('calls it final at once after a hook before all tests failed', () => {
  Reflect.set(sandbox, retryTimes, 2);
  expect(attempt(newTest([new Error('hook')]))).toBe(true);
});

it('takes what `expect` has kept to itself until the end for a failure', () => {
  const expectState: { suppressedErrors?: unknown[] } = {};
  Reflect.set(sandbox, Symbol.for('$$jest-matchers-object'), { state: expectState });
  expect(attempt(newTest(), false)).toBe(false);
  expectState.suppressedErrors = [];
  expect(attempt(newTest(), false)).toBe(false);
  expectState.suppressedErrors = [new Error('no')];
  expect(attempt(newTest(), false)).toBe(true);
});

it('leaves what it follows to be seen and removed, as Jest does when a file has ended', () => {
  expect(Object.keys(state)).toEqual(['currentlyRunningTest']);
  for (const [object, key] of [
    [state, 'currentlyRunningTest'],
    [sandbox, retryTimes],
  ] as const) {
    expect(Reflect.deleteProperty(object, key)).toBe(true);
  }
});

it('leaves a sandbox of another test framework alone', () => {
  const other = {};
  follow(other, path);
  expect(Reflect.ownKeys(other)).toEqual([]);
});

it('writes no file while tests pass', () => {
  expect(attempt(newTest(), false)).toBe(false);
  expect(existsSync(path)).toBe(false);
});
