import { AgentCommands, mostCommands } from '../declarers/agent-commands.ts';
import type { Awaited, ChannelMessage, DeliverySetup, DeliverySummary } from './channel.ts';

/** What the worker is started with. */
export interface WorkerStart {
  readonly setup: DeliverySetup;
  /** Cells that both threads read and write, by the names in `cells`. */
  readonly shared: SharedArrayBuffer;
  readonly first: readonly ChannelMessage[];
  /** Path of the runtime of Yarn's Plug'n'Play, under which alone the packages are found that the delivery needs. */
  readonly pnp: string | undefined;
  /** How many messages went before these, to threads that have died. */
  readonly missed: number;
}

/** What stands in which cell, for a main thread that is blocked in its last moments and gets no messages. */
export const cells = {
  /** Number of the last message that is dealt with. */
  settled: 0,
  /** Place of what is waited for in `awaitable`. */
  awaited: 1,
  /** The first of those for the agent's commands. */
  commands: 2,
} as const;

export const cellBytes = (cells.commands + mostCommands) * Int32Array.BYTES_PER_ELEMENT;

export function commandsIn(shelf: Int32Array): AgentCommands {
  return new AgentCommands(shelf.subarray(cells.commands));
}

/** The first one until the worker says another. */
export const awaitable: readonly Awaited[] = ['the declaration', 'the list of muted tests', 'the annotation'];

/** From the worker: everything up to message `sequence` is dealt with. */
export interface Settled {
  readonly sequence: number;
  readonly summary: DeliverySummary;
}

/** As a settled message: the worker has ended. */
export const nothingMoreComes = 2 ** 31 - 1;
