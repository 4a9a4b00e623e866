import { existsSync, mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';

const stateSymbol = Symbol('JEST_STATE_SYMBOL');
const retryTimes = Symbol.for('RETRY_TIMES');
let path: string;
let state: { currentlyRunningTest: object | null };

beforeEach(async () => {
  path = join(mkdtempSync(join(tmpdir(), 'pf-')), 'final');
  state = { currentlyRunningTest: null };
  Object.defineProperty(globalThis, stateSymbol, { value: state, configurable: true });
  vi.stubGlobal('process', { ...process, env: { PROMISE_FAILURE_JEST_FINAL: path } });
  vi.resetModules();
  await import('./in-worker.cts');
});

afterEach(() => {
  vi.unstubAllGlobals();
  for (const symbol of [stateSymbol, retryTimes]) Reflect.deleteProperty(globalThis, symbol);
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
  Reflect.set(globalThis, retryTimes, 2);
  Reflect.set(globalThis, retryTimes, 0);
  const test = newTest();
  expect([attempt(test), attempt(test), attempt(test)]).toEqual([false, false, true]);
  expect(Reflect.get(globalThis, retryTimes)).toBe(0);
});

it('calls it final at once after a hook before all tests failed', () => {
  Reflect.set(globalThis, retryTimes, 2);
  expect(attempt(newTest([new Error('hook')]))).toBe(true);
});

it('writes no file while tests pass', () => {
  expect(attempt(newTest(), false)).toBe(false);
  expect(existsSync(path)).toBe(false);
});
