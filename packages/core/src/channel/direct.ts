import { createRequire } from 'node:module';
import type { DeclareRequest } from '../vocabulary.ts';
import type { ChannelMessage, DeliverySetup } from './channel.ts';

/** Declares where the message alone makes a failure certain, and gives what has been sent. */
export type SendDirectly = (message: ChannelMessage) => DeclareRequest | undefined;

/** `undefined` where a promise needs more than this thread knows. */
export type PrepareDirect = (setup: DeliverySetup) => SendDirectly | undefined;

/**
 * Loads the sender, which is bundled beside the delivery's thread and, like that, known here by its name alone. One
 * file of CommonJS, since loading is in the runner's way: 2 ms, at the first sign of a failure, and in vain without
 * the agent's socket.
 */
export const prepareDirect: PrepareDirect = (setup) => {
  if (!setup.env.BUILDKITE_AGENT_JOB_API_SOCKET) return undefined;
  const { prepare }: { prepare: PrepareDirect } = createRequire(import.meta.url)('../thread/direct.cjs');
  return prepare(setup);
};
