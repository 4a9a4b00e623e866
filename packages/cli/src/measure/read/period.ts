import { InvalidArgumentError } from 'commander';

const dayMs = 24 * 60 * 60 * 1000;

/** A moment as the user gave it: a date, a time, or so many days before now. */
export interface Moment {
  readonly given: string;
  at(now: number): number;
}

/** Reads `2026-10-01`, `2026-10-01T12:00:00Z` or `30d`; throws what commander shows. */
export function readMoment(given: string): Moment {
  const days = /^(\d{1,4})d$/.exec(given)?.[1];
  if (days !== undefined) return { given, at: (now) => now - Number(days) * dayMs };
  const time = /^\d{4}-\d\d-\d\d/.test(given) ? Date.parse(given) : Number.NaN;
  if (Number.isNaN(time)) {
    throw new InvalidArgumentError(
      'It takes a date such as 2026-10-01, a time in ISO 8601, or days such as 30d.',
    );
  }
  return { given, at: () => time };
}
