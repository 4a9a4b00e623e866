import type { Tier } from './rank.ts';

/** What became known of the change, or why nothing did. */
export interface Told {
  readonly tiers: Iterable<Tier>;
  /** Imports followed where the search was given up. */
  readonly followed?: number | undefined;
}

/** One line for the log: what was put first and why. */
export function tellOrder({ tiers, followed }: Told): string {
  const count: Record<Tier, number> = { changed: 0, related: 0, 'failed-lately': 0, rest: 0 };
  let all = 0;
  for (const tier of tiers) {
    count[tier]++;
    all++;
  }
  const first = `${count.changed} changed, ${count.related} related, ${count['failed-lately']} failed lately`;
  const cut = followed === undefined ? '' : ` (imports followed ${followed} deep, then it took too long)`;
  return `red first: ${first}, of ${all} files${cut}`;
}
