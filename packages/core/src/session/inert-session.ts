import type { Log } from '../log.ts';
import { guard } from './guard.ts';
import type { Session } from './session.ts';

/** The session of a run in which there is nothing to do: it ignores every fact. */
export class InertSession implements Session {
  readonly active = false;
  readonly #log: Log;

  constructor(log: Log) {
    this.#log = log;
  }

  attemptFinished(): void {}
  failureLikely(): void {}
  runFailed(): void {}
  testsTotal(): void {}
  cancelled(): void {}
  close(): Promise<void> {
    return Promise.resolve();
  }

  isMuted(): boolean {
    return false;
  }

  guard<T>(hook: string, fn: () => T): T | undefined {
    return guard(hook, fn, (text) => this.#log.warn(text));
  }
}
