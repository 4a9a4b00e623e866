/** Feeds a slow action with the latest of many updates. */
export interface Coalescer<T> {
  /** Runs the action with `update` now, or when the one under way is done, unless a newer update comes first. */
  push(update: T): void;
  /** A last update: never dropped or replaced; later updates are ignored. Calling it again changes nothing. */
  finish(update: T): void;
  /** Resolves when nothing is under way or pending. */
  idle(): Promise<void>;
}

/**
 * At most one action under way, at most one update pending, the newest wins. An action that throws is reported
 * to `onError` and does not stop the next one.
 */
export function createCoalescer<T>(
  action: (update: T) => Promise<void> | void,
  onError: (error: unknown) => void = () => {},
): Coalescer<T> {
  let pending: { readonly update: T } | undefined;
  let finished = false;
  let work: Promise<void> | undefined;

  async function drain(): Promise<void> {
    while (pending !== undefined) {
      const { update } = pending;
      pending = undefined;
      try {
        await action(update);
      } catch (error) {
        onError(error);
      }
    }
    work = undefined;
  }

  function accept(update: T): void {
    if (finished) return;
    pending = { update };
    // Never inside the caller: an action that pushes again must find the work under way.
    work ??= Promise.resolve().then(drain);
  }

  return {
    push: accept,
    finish(update) {
      accept(update);
      finished = true;
    },
    idle: () => work ?? Promise.resolve(),
  };
}
