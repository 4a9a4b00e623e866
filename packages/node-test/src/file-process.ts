import type { EventData } from './event.ts';
import { meaningOf } from './meaning.ts';

/** A failed test of a process, and the titles of the blocks around it. */
export interface FailedTest {
  readonly data: EventData;
  readonly blocks: readonly string[];
}

interface RunningTest {
  readonly name: string;
  readonly parentId: number | undefined;
}

interface HeldTest extends FailedTest {
  /** Tests begun before it that still run: until they have ended, its own process keeps its result back. */
  readonly waitsFor: Set<number>;
}

/**
 * The process of one test file, seen through the events that `node --test` hands on as they come; `test:fail` waits
 * until all files before this one have ended. A failed test is certain when its process has reported it: a process that
 * ends itself with 0 before that passes. It reports in the order in which tests began, and what it says next proves it.
 */
export class FileProcess {
  readonly #running = new Map<number, RunningTest>();
  readonly #held = new Set<HeldTest>();
  #hasForgiven = false;

  began({ testId, parentId, name = '' }: EventData): readonly FailedTest[] {
    const certain = this.#reported();
    if (testId !== undefined) this.#running.set(testId, { name, parentId });
    return certain;
  }

  completed(data: EventData): readonly FailedTest[] {
    const certain = this.#reported();
    const { testId = -1, details } = data;
    const before = this.#runningBefore(testId);
    const blocks = this.#blocksAround(data.parentId).map(({ name }) => name);
    this.#running.delete(testId);
    for (const { waitsFor } of this.#held) waitsFor.delete(testId);
    if (details?.passed === false) this.#failed(data, { waitsFor: before, blocks });
    return certain;
  }

  /**
   * The process has ended with a failure that Node puts down to its tests: a test on top of the file was reported as
   * failed. That is one that counts, unless some that may not count were among them.
   */
  ended(): readonly FailedTest[] {
    return this.#hasForgiven ? [] : [...this.#held];
  }

  #failed(data: EventData, { waitsFor, blocks }: Omit<HeldTest, 'data'>): void {
    const meaning = meaningOf(data);
    if (meaning === 'test') this.#held.add({ data, waitsFor, blocks });
    else if (meaning !== 'consequence') this.#hasForgiven = true;
  }

  #reported(): readonly FailedTest[] {
    const reported = [...this.#held].filter(({ waitsFor }) => waitsFor.size === 0);
    for (const test of reported) this.#held.delete(test);
    return reported;
  }

  #runningBefore(testId: number): Set<number> {
    const before = new Set<number>();
    for (const id of this.#running.keys()) {
      if (id === testId) break;
      before.add(id);
    }
    for (const { id } of this.#blocksAround(this.#running.get(testId)?.parentId)) before.delete(id);
    return before;
  }

  #blocksAround(innermost: number | undefined): { id: number; name: string }[] {
    const around: { id: number; name: string }[] = [];
    for (let id = innermost; id !== undefined; ) {
      const test = this.#running.get(id);
      if (test === undefined) break;
      around.unshift({ id, name: test.name });
      id = test.parentId;
    }
    return around;
  }
}
