import { timers } from './builtins.ts';

/** Waits; rejects when `signal` is aborted. */
export type Sleep = (ms: number, signal: AbortSignal) => Promise<void>;

/** Waits `ms` milliseconds of real time; rejects with an `AbortError` when `signal` is aborted. */
export const sleep: Sleep = (ms, signal) => timers.setTimeout(ms, undefined, { signal });
