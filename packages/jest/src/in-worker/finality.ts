import type { Circus } from '@jest/types';
import { retryTimes, wholeNumber } from './retry-times.ts';

/**
 * What decides about further attempts, as jest-circus does it (src/run.ts, 30.0 to 30.5). It may say "will run
 * again" of a test that will not, never the reverse.
 */
export class Finality {
  readonly #sandbox: object;
  /** Retries that each test of a block has: read by Jest after the block's `beforeAll` hooks. */
  readonly #retries = new WeakMap<Circus.DescribeBlock, number>();
  /** Tests with an error before their first attempt, which are not retried. */
  readonly #doomed = new WeakSet<Circus.TestEntry>();
  /** Retries that a block, retried as a whole, has used. */
  readonly #used = new WeakMap<Circus.DescribeBlock, number>();

  constructor(sandbox: object) {
    this.#sandbox = sandbox;
  }

  /** To be told of each event before Jest deals with it. */
  see(event: Circus.Event): void {
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
    }
  }

  #enter(block: Circus.DescribeBlock): void {
    if (!this.#retries.has(block)) this.#retries.set(block, retryTimes(this.#sandbox));
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
