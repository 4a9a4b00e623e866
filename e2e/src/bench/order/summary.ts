import { median } from '../usage.ts';
import type { Case, Knowing } from './measure-order.ts';

/** What one way to order the files came to over all faults. */
export interface OrderSummary {
  readonly knowing: Knowing;
  readonly faults: number;
  /** Head starts as shares of the run. */
  readonly median: number;
  /** Nine cases in ten are at least as good. */
  readonly worstTenth: number;
  readonly worst: number;
  /** The case that differs most from the default order to its disadvantage. */
  readonly againstDefault: number;
}

const ways: readonly Knowing[] = ['default', 'own cache', 'change', 'history', 'both'];

export function summarize(cases: readonly Case[]): OrderSummary[] {
  return ways.flatMap((knowing) => {
    const measured = cases.flatMap(({ shares }) => {
      const own = shares[knowing];
      return own === undefined ? [] : [{ share: median(own), byDefault: median(shares.default ?? []) }];
    });
    const sorted = measured.map(({ share }) => share).sort((a, b) => a - b);
    const [worst] = sorted;
    if (worst === undefined) return [];
    return [
      {
        ...{ knowing, worst, faults: sorted.length },
        median: median(sorted),
        worstTenth: sorted[Math.floor(sorted.length / 10)] ?? worst,
        againstDefault: Math.min(...measured.map(({ share, byDefault }) => share - byDefault)),
      },
    ];
  });
}
