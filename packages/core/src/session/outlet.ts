import type { Awaited, Channel, ChannelMessage, DeliverySummary } from '../channel/channel.ts';
import { monotonicMs } from '../clock.ts';

/** Long enough for an answer that is there to be told of, too short to be noticed. */
const hurriedMs = 250;

/**
 * The session's end of the channel: opened at the first sign of a failure and not before, with one drain timeout
 * that all waiting at the end of the run shares.
 */
export class Outlet {
  readonly #openChannel: () => Channel;
  /** What is worth knowing only once something has failed: posted with the first failure. */
  readonly #waiting: ChannelMessage[] = [];
  #channel: Channel | undefined;
  #posted = false;
  #patienceMs: number;
  #isHurried = false;

  constructor(openChannel: () => Channel, drainTimeoutMs: number) {
    this.#openChannel = openChannel;
    this.#patienceMs = drainTimeoutMs;
  }

  /** False while everything is well: nothing was posted, and nothing is to be waited for. */
  get used(): boolean {
    return this.#posted;
  }

  warm(): void {
    this.#open().warm();
  }

  post(message: ChannelMessage): void {
    const channel = this.#open();
    if (!this.#posted) {
      this.#posted = true;
      for (const earlier of this.#waiting.splice(0)) channel.post(earlier);
    }
    channel.post(message);
  }

  /** Posts it, or keeps it for the first failure. */
  postIfUsed(message: ChannelMessage): void {
    if (this.#posted) this.post(message);
    else this.#waiting.push(message);
  }

  /** Nobody waits for a run that is being cancelled: what has its answer by then is told, and nothing else. */
  hurry(): void {
    this.#patienceMs = Math.min(this.#patienceMs, hurriedMs);
    this.#isHurried = true;
  }

  /** Waits for what was posted, for what is left of the drain timeout; `undefined` also where nothing was. */
  async drain(): Promise<DeliverySummary | Awaited | undefined> {
    if (!this.#posted) return undefined;
    const startedAt = monotonicMs();
    const summary = await this.#channel?.drain(this.#patienceMs);
    this.#patienceMs = Math.max(0, this.#patienceMs - (monotonicMs() - startedAt));
    return summary;
  }

  /** The same for the last moments of the process, which a run in a hurry does not hold up. Blocks. */
  drainSync(): void {
    if (this.#posted) this.#channel?.drainSync(this.#isHurried ? 0 : this.#patienceMs);
  }

  #open(): Channel {
    this.#channel ??= this.#openChannel();
    return this.#channel;
  }
}
