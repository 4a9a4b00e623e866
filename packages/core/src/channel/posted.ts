import type { ChannelMessage } from './channel.ts';

/** Failed tests that are kept: enough for a thread that takes the place of a dead one to promise what is certain. */
const mostFailed = 1000;

/**
 * What was posted, as far as a further thread has to know it: all of it but the many failed tests of a storm. What
 * is left out can only make it promise later.
 */
export class Posted {
  readonly kept: ChannelMessage[] = [];
  #count = 0;
  #failed = 0;

  /** How many messages there were in all. */
  get count(): number {
    return this.#count;
  }

  add(message: ChannelMessage): void {
    this.#count++;
    if (message.type === 'failed' && ++this.#failed > mostFailed) return;
    this.kept.push(message);
  }
}
