import { randomBytes } from 'node:crypto';
import type { Model } from '../model/model.ts';
import { startEventBridge } from '../rest/event-bridge.ts';
import type { PipelinePlace } from '../rest/place.ts';
import type { Deliver, Webhooks } from '../rest/sender.ts';
import { startWebhooks } from '../rest/webhooks.ts';
import type { DeliveryOrder } from './delivery-orders.ts';

/** Addresses that hear of every change. */
export interface NotifyOptions {
  readonly webhook?: string | undefined;
  readonly eventBridge?: string | undefined;
  /** @default a new one */
  readonly token?: string | undefined;
  /** @default 'token' */
  readonly authentication?: 'token' | 'signature' | undefined;
  /** @default 'in-order' */
  readonly order?: DeliveryOrder | undefined;
  /** Milliseconds that the troubles delay by. @default 3000 */
  readonly delayMs?: number | undefined;
}

/** The senders of one server, and the token that their receivers check. */
export interface Notify {
  readonly token: string;
  close(): Promise<void>;
}

/** Starts what sends to the given addresses; `say` hears once of each way in which one does not take an event. */
export function startNotify(
  model: Model,
  place: PipelinePlace,
  options: NotifyOptions,
  say: (line: string) => void,
): Notify {
  const {
    token = randomBytes(20).toString('hex'),
    authentication = 'token',
    order = 'in-order',
    delayMs = 3000,
  } = options;
  const common = { ...place, model, token, authentication, deliver: deliverBy(order, delayMs, Math.random) };
  const told = new Set<string>();
  const setUp = (url: string) => {
    const onFailure = (status: number | undefined) => {
      const line = `${url} ${status === undefined ? 'does not answer' : `answered an event with ${status}`}; it goes on, and is not told again.`;
      if (!told.has(line)) say(line);
      told.add(line);
    };
    return { ...common, url, onFailure };
  };
  const senders: Webhooks[] = [];
  if (options.webhook !== undefined) senders.push(startWebhooks(setUp(options.webhook)));
  if (options.eventBridge !== undefined) senders.push(startEventBridge(setUp(options.eventBridge)));
  return {
    token,
    async close() {
      await Promise.all(senders.map((sender) => sender.close()));
    },
  };
}

/** The delays of one order; `random` is uniform in [0, 1). */
export function deliverBy(order: DeliveryOrder, delayMs: number, random: () => number): Deliver | undefined {
  if (order === 'late') return () => [delayMs];
  if (order === 'twice') return () => [0, delayMs];
  if (order === 'out-of-order') return () => [random() * delayMs];
  if (order === 'lossy') return () => (random() < 0.5 ? [0] : []);
  return undefined;
}
