import { type Facts, tierOf } from './rank.ts';

/** The part of a run that may go to what failed on other branches: no other failure comes later by more than that. */
const share = 0.015;

/**
 * Of the files that only other branches' failures speak for, those that together fit into a small part of the run, the
 * weightiest first. A guess about one must not cost more than it may gain. `facts` by file; all others are left out.
 */
export function chooseFailedLately<T>(facts: ReadonlyMap<T, Facts>): Set<T> {
  const costs = measureCosts([...facts.values()]);
  const candidates = [...facts]
    .filter(([, one]) => tierOf(one) === 'failed-lately' && tierOf(ownOnly(one)) === 'rest')
    .sort(([, a], [, b]) => b.weight.others - a.weight.others);
  const chosen = new Set<T>();
  let left = share * costs.whole;
  for (const [file, one] of candidates) {
    const cost = costs.of(one);
    if (cost > left) continue;
    left -= cost;
    chosen.add(file);
  }
  return chosen;
}

export function ownOnly(facts: Facts): Facts {
  return { ...facts, weight: { own: facts.weight.own, others: 0 } };
}

/** What a file takes of the run: its time, or as much as the others where that is not known. */
function measureCosts(all: readonly Facts[]) {
  const known = all.flatMap(({ wholeMs }) => (wholeMs === undefined ? [] : [wholeMs]));
  const usual = known.length === 0 ? 1 : known.reduce((sum, ms) => sum + ms, 0) / known.length;
  const of = ({ wholeMs = usual }: Facts) => wholeMs;
  return { of, whole: all.reduce((sum, one) => sum + of(one), 0) };
}
