import type { TestIdentity } from '@promise-failure/core';
import type { EventData } from './event.ts';

/** Names failed tests. Node has no key for a test that holds from run to run, so equal titles in a file are numbered. */
export class Identities {
  readonly #seen = new Map<string, number>();

  /** Scope = titles of the blocks around the test, joined by a space, as the collectors of other runners have it. */
  identify(data: EventData, blocks: readonly string[]): { readonly id: string; readonly test: TestIdentity } {
    const { name = '', file = '', entryFile = file } = data;
    const titlePath = [...blocks, name];
    const test = { scope: blocks.join(' '), name, file: entryFile, titlePath };
    const key = JSON.stringify([entryFile, ...titlePath]);
    const count = (this.#seen.get(key) ?? 0) + 1;
    this.#seen.set(key, count);
    return { id: count === 1 ? key : `${key} ${count}`, test };
  }
}
