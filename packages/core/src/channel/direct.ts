import { createRequire } from 'node:module';
import type { DeclareRequest } from '../vocabulary.ts';
import type { ChannelMessage, DeliverySetup } from './channel.ts';

/** A declaration that has left this thread, or is about to. */
export interface Sent {
  readonly request: DeclareRequest;
  /** Holds back what has not left yet. */
  withdraw(): void;
}

/** Declares where the message alone makes a failure certain; else `undefined`. */
export type SendDirectly = (message: ChannelMessage) => Sent | undefined;

/** `undefined` where a promise needs more than this thread knows. */
export type PrepareDirect = (setup: DeliverySetup) => SendDirectly | undefined;

/**
 * Loads the sender, which is bundled beside the delivery's thread and, like that, known here by its name alone. One
 * file of CommonJS, since loading is in the runner's way: 2 ms, at the first sign of a failure.
 */
export const prepareDirect: PrepareDirect = (setup) => {
  const { prepare }: { prepare: PrepareDirect } = createRequire(import.meta.url)('../thread/direct.cjs');
  return prepare(setup);
};
