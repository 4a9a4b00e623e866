import type { Weight } from '../history/weight.ts';

/** All that is known of one test file before it runs. */
export interface Facts {
  readonly isChanged: boolean;
  /** Imports between it and the nearest changed file, from 1. */
  readonly distance?: number | undefined;
  /** How much its name speaks of a changed file, 0 to 1. */
  readonly affinity: number;
  readonly weight: Weight;
  /** Milliseconds until its first failure is expected: what it took last time, to a failure or to its end. */
  readonly expectedMs?: number | undefined;
  /** Milliseconds of its last complete run. */
  readonly wholeMs?: number | undefined;
}

/** Why a file goes first; `rest` keeps the runner's own order. */
export type Tier = 'changed' | 'related' | 'failed-lately' | 'rest';

/** A failure that weighs less has been forgotten. */
const leastWeight = 0.05;
const tiers: readonly Tier[] = ['changed', 'related', 'failed-lately', 'rest'];

export function tierOf({ isChanged, distance, weight }: Facts): Tier {
  if (isChanged) return 'changed';
  if (distance !== undefined) return 'related';
  return weight.own + weight.others >= leastWeight ? 'failed-lately' : 'rest';
}

/**
 * The items in the order in which they should run. Stable: where nothing tells two apart, and for all of the rest,
 * the order that came in stays.
 */
export function rankFiles<T>(items: readonly T[], factsOf: (item: T) => Facts): T[] {
  const all = items.map((item) => {
    const facts = factsOf(item);
    return { item, facts, tier: tierOf(facts) };
  });
  return tiers.flatMap((tier) => {
    const group = all.filter((entry) => entry.tier === tier);
    if (tier === 'rest') return group.map(({ item }) => item);
    // Short files first leaves the longest for the end, where workers idle: not with most of a run.
    const usual =
      group.length * 2 <= items.length ? median(group.map(({ facts }) => facts.expectedMs)) : undefined;
    return group
      .sort((a, b) => compareFacts(a.facts, b.facts) || compareTimes(a.facts, b.facts, usual))
      .map(({ item }) => item);
  });
}

/** Nearer to the change, then named alike, then failed lately, on this branch before others. */
function compareFacts(a: Facts, b: Facts): number {
  return (
    nearness(a) - nearness(b) ||
    b.affinity - a.affinity ||
    known(b.weight.own) - known(a.weight.own) ||
    known(b.weight.others) - known(a.weight.others)
  );
}

/** A file that failed on this branch is as near as one that imports the change itself. */
function nearness({ isChanged, distance, weight }: Facts): number {
  if (isChanged || distance === undefined) return 0;
  return weight.own >= leastWeight ? 1 : distance;
}

function known(weight: number): number {
  return weight >= leastWeight ? weight : 0;
}

function compareTimes(a: Facts, b: Facts, usual: number | undefined): number {
  return usual === undefined ? 0 : (a.expectedMs ?? usual) - (b.expectedMs ?? usual);
}

function median(values: readonly (number | undefined)[]): number | undefined {
  const sorted = values.filter((value) => value !== undefined).sort((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)];
}
