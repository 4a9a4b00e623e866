import type { TestIdentity } from '@promise-failure/core';

/**
 * Failures that are known from single attempts, until the result of their file speaks. Passing tests leave
 * nothing here.
 */
export class OpenFailures {
  /** How often each file is running: once for each project that has it. */
  readonly #running = new Map<string, number>();
  readonly #open = new Map<string, Map<string, TestIdentity>>();
  readonly #settled = new Set<string>();

  fileStarted(path: string): void {
    this.#running.set(path, (this.#running.get(path) ?? 0) + 1);
  }

  attemptFailed(path: string, id: string, test: TestIdentity): void {
    const tests = this.#open.get(path) ?? new Map<string, TestIdentity>();
    this.#open.set(path, tests.set(id, test));
  }

  /** The file's result says that the test failed. */
  settle(id: string): void {
    this.#settled.add(id);
  }

  /**
   * Ends the file and returns the tests that failed before and have not failed in the end. A case result does
   * not tell its project (jest-core TestScheduler.ts, 28 to 30), so the last project that runs the file decides.
   */
  fileFinished(path: string): readonly (readonly [id: string, test: TestIdentity])[] {
    const running = (this.#running.get(path) ?? 1) - 1;
    if (running > 0) {
      this.#running.set(path, running);
      return [];
    }
    const tests = this.#open.get(path) ?? new Map<string, TestIdentity>();
    this.#running.delete(path);
    this.#open.delete(path);
    return [...tests].filter(([id]) => !this.#settled.has(id));
  }
}
