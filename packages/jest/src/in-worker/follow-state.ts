import type { Circus } from '@jest/types';
import { expectState } from './expect-state.ts';
import { retryTimes } from './retry-times.ts';
import { tellFinal } from './tell-final.ts';

/**
 * Jest 28 and 29 keep their handlers to themselves. The first one sets `currentlyRunningTest` when an attempt
 * starts, and clears it when it has ended, before the reporters are told (jest-circus src/eventHandler.ts, 28.0
 * to 29.7). What `expect.assertions` finds after that is left to the result of the file.
 */
export function followState(sandbox: object, state: Circus.State, path: string): void {
  const doomed = new WeakSet<Circus.TestEntry>();
  // No block has more retries than were ever asked for; when which block has read them is not known here.
  let mostRetries = retryTimes(sandbox);
  onSet(sandbox, Symbol.for('RETRY_TIMES'), () => {
    mostRetries = Math.max(mostRetries, retryTimes(sandbox));
  });
  onSet(state, 'currentlyRunningTest', (started: Circus.TestEntry | null, ended: Circus.TestEntry | null) => {
    if (started) {
      if (started.invocations === 0 && started.errors.length > 0) doomed.add(started);
    } else if (ended && hasFailed(sandbox, ended)) {
      if (doomed.has(ended) || ended.invocations > mostRetries) tellFinal(sandbox, ended, path);
    }
  });
}

function hasFailed(sandbox: object, { errors }: Circus.TestEntry): boolean {
  const { suppressedErrors = [] } = expectState(sandbox);
  return errors.length > 0 || suppressedErrors.length > 0;
}

function onSet<T>(target: object, key: PropertyKey, tell: (next: T, previous: T) => void): void {
  let value: T = Reflect.get(target, key);
  Object.defineProperty(target, key, {
    configurable: true,
    enumerable: true,
    get: () => value,
    set(next: T) {
      const previous = value;
      value = next;
      try {
        tell(next, previous);
      } catch {
        // The file's result tells.
      }
    },
  });
}
