import { setMaxListeners } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Model } from '../model/model.ts';
import type { ModelEvent } from '../model/types.ts';

/** When an event is delivered: milliseconds after it, once for each. */
export type Deliver = (event: ModelEvent) => readonly number[];

/** The status that each delivery was answered with; undefined for none. */
interface WebhookDelivery {
  readonly event: string;
  readonly status: number | undefined;
}

/** Deliveries under way. */
export interface Webhooks {
  readonly deliveries: readonly WebhookDelivery[];
  /** Sends no more, and resolves when what is under way has arrived. */
  close(): Promise<void>;
}

/** A request to be made for an event. */
interface Message {
  readonly event: string;
  readonly body: string;
  /** Made when it is sent: a signature holds the time. */
  readonly headers: () => Readonly<Record<string, string>>;
}

/** What a sender is made of. */
export interface SenderOptions {
  readonly model: Model;
  readonly url: string;
  /** The message for an event; undefined for an event that is not sent. */
  readonly messageOf: (event: ModelEvent) => Message | undefined;
  /** @default at once, each when the one before it was answered */
  readonly deliver?: Deliver | undefined;
  /** Hears a delivery that was not answered with 2xx; `status` is undefined where none answered. */
  readonly onFailure?: ((status: number | undefined) => void) | undefined;
}

/** Sends a model's events to an address, each body as of its event. */
export function startSender({ model, url, messageOf, deliver, onFailure }: SenderOptions): Webhooks {
  const deliveries: WebhookDelivery[] = [];
  const stop = new AbortController();
  setMaxListeners(0, stop.signal);
  const underWay = new Set<Promise<void>>();
  let line: Promise<void> = Promise.resolve();

  async function send({ event, body, headers }: Message, afterMs: number): Promise<void> {
    if (afterMs > 0) await sleep(afterMs, undefined, { signal: stop.signal });
    const status = await post(url, body, headers());
    deliveries.push({ event, status });
    if (status === undefined || status < 200 || status > 299) onFailure?.(status);
  }
  function track(delivery: Promise<void>): Promise<void> {
    const tracked = delivery.catch(() => {}).finally(() => underWay.delete(tracked));
    underWay.add(tracked);
    return tracked;
  }

  const unsubscribe = model.subscribe((event) => {
    const message = messageOf(event);
    if (message === undefined) return;
    if (deliver === undefined) line = track(line.then(() => send(message, 0)));
    else for (const afterMs of deliver(event)) void track(send(message, afterMs));
  });
  return {
    deliveries,
    async close() {
      unsubscribe();
      stop.abort();
      await Promise.all(underWay);
    },
  };
}

async function post(
  url: string,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<number | undefined> {
  try {
    const answer = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body,
    });
    await answer.body?.cancel();
    return answer.status;
  } catch {
    return undefined;
  }
}
