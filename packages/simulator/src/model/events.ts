import type { ModelEvent } from './types.ts';

/** Hears every change, in order, in the same tick. */
export type ModelListener = (event: ModelEvent) => void;

/** A stream of model events: `subscribe` returns the way out. */
export interface EventStream {
  subscribe(listener: ModelListener): () => void;
  emit(event: ModelEvent): void;
}

/**
 * An ordered event stream. A listener may change the model: the events of that wait in line, so that every
 * listener hears all events in one order.
 */
export function createEventStream(): EventStream {
  const listeners = new Set<ModelListener>();
  const queue: ModelEvent[] = [];
  let draining = false;
  function drain(): void {
    draining = true;
    try {
      for (let event = queue.shift(); event !== undefined; event = queue.shift()) {
        for (const listener of [...listeners]) listener(event);
      }
    } finally {
      draining = false;
    }
  }
  return {
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    emit(event) {
      queue.push(event);
      if (!draining) drain();
    },
  };
}
