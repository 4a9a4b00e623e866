import type { Until } from './exit.ts';

/** Options of `promise-failure watch`, as commander gives them. */
export interface WatchOptions {
  readonly until: Until;
  readonly json: boolean;
  readonly live: boolean;
  readonly onFailing?: string;
  readonly cancelOnFailing: boolean;
  readonly listen?: string;
  readonly webhookAuthentication: 'signature' | 'token';
  readonly pollEvery: number;
  readonly apiUrl?: string;
  readonly branch?: string;
  /** Seconds. */
  readonly evidenceWait: number;
  /** Seconds. */
  readonly timeout?: number;
}
