import type { TestModule } from 'vitest/node';

/** Counts the tests that a run is going to execute; nothing is counted before somebody asks. */
export class TestCount {
  readonly #files = new Map<string, TestModule>();
  #filesExpected: number | undefined;

  expectFiles(files: number): void {
    this.#filesExpected = files;
  }

  add(module: TestModule): void {
    this.#files.set(module.id, module);
  }

  /** These are the run's files, and no other is to come. */
  end(modules: readonly TestModule[]): void {
    for (const module of modules) this.add(module);
    this.#filesExpected = this.#files.size;
  }

  /** True once every file is known; never where their number is not. */
  get isComplete(): boolean {
    return this.#files.size === this.#filesExpected;
  }

  /** Skipped tests and those that a filter leaves out are none of the run's. */
  get total(): number {
    let total = 0;
    for (const module of this.#files.values()) {
      for (const { options } of module.children.allTests()) {
        if (options.mode !== 'skip' && options.mode !== 'todo') total++;
      }
    }
    return total;
  }
}
