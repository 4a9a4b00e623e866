import type { ChannelMessage, DeliverySetup, DeliverySummary } from './channel.ts';

/** What the worker is started with: its setup, and the cell in which it counts what it has dealt with. */
export interface WorkerStart {
  readonly setup: DeliverySetup;
  readonly settled: SharedArrayBuffer;
  readonly first: readonly ChannelMessage[];
}

/** From the worker: everything up to message `sequence` is dealt with. */
export interface Settled {
  readonly sequence: number;
  readonly summary: DeliverySummary;
}

/** In the cell when the worker has ended: a main thread that is blocked in its last moments learns of it only so. */
export const nothingMoreComes = 2 ** 31 - 1;
