import type { ChannelMessage, DeliverySetup, DeliverySummary } from './channel.ts';

/** What the worker is started with. */
export interface WorkerStart {
  readonly setup: DeliverySetup;
  /** Cells that both threads read and write, by the names in `cells`. */
  readonly shared: SharedArrayBuffer;
  readonly first: readonly ChannelMessage[];
  /** How many messages went before these, to threads that have died. */
  readonly missed: number;
}

/** What stands in which cell, for a main thread that is blocked in its last moments and gets no messages. */
export const cells = {
  /** Number of the last message that is dealt with. */
  settled: 0,
  /** Process id of the agent's command while it runs, else 0: it must not outlive the run. */
  child: 1,
} as const;

export const cellBytes = 8;

/** From the worker: everything up to message `sequence` is dealt with. */
export interface Settled {
  readonly sequence: number;
  readonly summary: DeliverySummary;
}

/** As a settled message: the worker has ended. */
export const nothingMoreComes = 2 ** 31 - 1;
