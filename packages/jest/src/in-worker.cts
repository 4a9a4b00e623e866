import type { Circus } from '@jest/types';

/**
 * Loaded by Jest into the sandbox of every test file, where alone the retries of a test are known. Writes one
 * line for each attempt after which its test will not run again, and nothing while no such attempt fails.
 * CommonJS, because Jest loads no ES module here without a flag.
 */

type Handler = (event: Circus.Event, state: Circus.State) => unknown;

// Taken before any test can replace them: appendFileSync would go through functions that tests may spy on.
const { closeSync, openSync, writeSync } = require('node:fs') as typeof import('node:fs');
const { channel } = require('node:diagnostics_channel') as typeof import('node:diagnostics_channel');

/** In band the reporter listens, and gets ready while hooks run that follow the failure. */
const failureLikely = channel('promise-failure:jest:failure-likely');

/**
 * What decides about further attempts, as jest-circus does it (src/run.ts, 30.0 to 30.5). It may say "will run
 * again" of a test that will not, never the reverse.
 */
class Finality {
  /** Retries that each test of a block has: read by Jest after the block's `beforeAll` hooks. */
  readonly #retries = new WeakMap<Circus.DescribeBlock, number>();
  /** Tests with an error before their first attempt, which are not retried. */
  readonly #doomed = new WeakSet<Circus.TestEntry>();
  /** Retries that a block, retried as a whole, has used. */
  readonly #used = new WeakMap<Circus.DescribeBlock, number>();

  /** First of all handlers, so that it sees what Jest has seen just before the event. */
  readonly before: Handler = (event) => {
    switch (event.name) {
      case 'test_start':
        this.#enter(event.test.parent);
        if (event.test.invocations === 0 && event.test.errors.length > 0) this.#doomed.add(event.test);
        break;
      case 'run_describe_start':
        if (event.describeBlock.parent !== undefined) this.#enter(event.describeBlock.parent);
        break;
      case 'describe_retry':
        this.#used.set(event.describeBlock, (this.#used.get(event.describeBlock) ?? 0) + 1);
        this.#forgetBelow(event.describeBlock);
        break;
      case 'test_fn_failure':
        if (!event.test.failing) failureLikely.publish(undefined);
        break;
      case 'hook_failure':
        failureLikely.publish(undefined);
        break;
    }
  };

  #enter(block: Circus.DescribeBlock): void {
    if (!this.#retries.has(block)) this.#retries.set(block, retryTimes());
  }

  #forgetBelow(block: Circus.DescribeBlock): void {
    for (const child of block.children) {
      if (child.type !== 'describeBlock') continue;
      this.#used.delete(child);
      this.#forgetBelow(child);
    }
  }

  willRunAgain(test: Circus.TestEntry, state: Circus.State): boolean {
    let inRetriedBlock = false;
    for (let block: Circus.DescribeBlock | undefined = test.parent; block; block = block.parent) {
      // Blocks retried as a whole came with 30.5.
      const options = state.describeRetryOptions?.get(block);
      if (options === undefined) continue;
      inRetriedBlock = true;
      if ((this.#used.get(block) ?? 0) < wholeNumber(options.numRetries)) return true;
    }
    if (inRetriedBlock || this.#doomed.has(test)) return false;
    return test.invocations <= (this.#retries.get(test.parent) ?? Number.POSITIVE_INFINITY);
  }
}

function retryTimes(): number {
  return wholeNumber(Reflect.get(globalThis, Symbol.for('RETRY_TIMES')));
}

function wholeNumber(value: unknown): number {
  return Number.parseInt(String(value), 10) || 0;
}

function titlesOf(test: Circus.TestEntry): string[] {
  const titles = [test.name];
  // The outermost block has no title of its own.
  for (let block = test.parent; block.parent; block = block.parent) titles.unshift(block.name);
  return titles.map(String);
}

/** The state of `expect`, wherever the globals are. Source: expect src/jestMatchersObject.ts, 28 to 30. */
function expectState(): { testPath?: string; suppressedErrors?: unknown[] } {
  const matchers = Reflect.get(globalThis, Symbol.for('$$jest-matchers-object'));
  return (matchers as { state?: object } | undefined)?.state ?? {};
}

function tell(path: string, test: Circus.TestEntry): void {
  const { createHash } = require('node:crypto') as typeof import('node:crypto');
  const attempt = JSON.stringify([expectState().testPath, test.invocations, ...titlesOf(test)]);
  const file = openSync(path, 'a', 0o600);
  // Hashed: titles may hold secrets, and a run that is killed leaves the file behind.
  writeSync(file, `${createHash('sha256').update(attempt).digest('hex')}\n`);
  closeSync(file);
}

/**
 * Puts `ours` before one of Jest's handlers. One more handler would be awaited at every event, which shows in the
 * time of short tests.
 */
function precede(handlers: Handler[], index: number, ours: Handler): void {
  const theirs = handlers.at(index);
  if (theirs === undefined) return;
  handlers.splice(index, 1, (event, state) => {
    try {
      ours(event, state);
    } catch {
      // An error of ours must not become one of the tests; the file's result tells.
    }
    return theirs(event, state);
  });
}

function followEvents(handlers: Handler[], path: string): void {
  const finality = new Finality();
  precede(handlers, 0, finality.before);
  // The last but one tells the reporters (jest-circus legacy-code-todo-rewrite/jestAdapterInit.ts, 30.0 to 30.5).
  precede(handlers, -2, (event, state) => {
    if (event.name !== 'test_done' || event.test.errors.length === 0) return;
    if (!finality.willRunAgain(event.test, state)) tell(path, event.test);
  });
}

/**
 * Jest 28 and 29 keep their handlers to themselves. The first one sets `currentlyRunningTest` when an attempt
 * starts, and clears it when it has ended, before the reporters are told (jest-circus src/eventHandler.ts, 28.0
 * to 29.7). What `expect.assertions` finds after that is left to the result of the file.
 */
function followState(state: Circus.State, path: string): void {
  const doomed = new WeakSet<Circus.TestEntry>();
  // No block has more retries than were ever asked for; when which block has read them is not known here.
  let mostRetries = retryTimes();
  onSet(globalThis, Symbol.for('RETRY_TIMES'), () => {
    mostRetries = Math.max(mostRetries, retryTimes());
  });
  onSet(state, 'currentlyRunningTest', (started: Circus.TestEntry | null, ended: Circus.TestEntry | null) => {
    if (started) {
      if (started.invocations === 0 && started.errors.length > 0) doomed.add(started);
    } else if (ended && (ended.errors.length > 0 || expectState().suppressedErrors?.length)) {
      if (doomed.has(ended) || ended.invocations > mostRetries) tell(path, ended);
    }
  });
}

function onSet<T>(target: object, key: PropertyKey, tell: (next: T, previous: T) => void): void {
  let value: T = Reflect.get(target, key);
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable: true,
    get: () => value,
    set(next: T) {
      const previous = value;
      value = next;
      try {
        tell(next, previous);
      } catch {
        // The file's result tells.
      }
    },
  });
}

function follow(path: string): void {
  const handlers: unknown = Reflect.get(globalThis, Symbol.for('EVENT_HANDLERS'));
  if (Array.isArray(handlers)) {
    followEvents(handlers, path);
    return;
  }
  const symbols = Object.getOwnPropertySymbols(globalThis);
  const symbol = symbols.find(({ description }) => description === 'JEST_STATE_SYMBOL');
  if (symbol !== undefined) followState(Reflect.get(globalThis, symbol), path);
}

const path = process.env.PROMISE_FAILURE_JEST_FINAL;
if (path) follow(path);
