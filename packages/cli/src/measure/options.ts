import type { Moment } from './read/period.ts';

/** Argument and options of `promise-failure measure`, as commander gives them. */
export interface MeasureOptions {
  readonly pipeline?: string | undefined;
  readonly files?: readonly string[];
  readonly branch?: string;
  readonly from: Moment;
  readonly to?: Moment;
  readonly json?: boolean;
  readonly csv?: boolean;
  readonly html?: string;
  readonly state?: string;
  readonly apiUrl?: string;
}
