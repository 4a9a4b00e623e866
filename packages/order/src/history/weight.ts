import type { Failure } from './format.ts';

const halfLifeMs = 3 * 24 * 60 * 60 * 1000;

/** How much the past of a file speaks for a failure today, on this branch and on others; 0 is nothing. */
export interface Weight {
  readonly own: number;
  readonly others: number;
}

/** A failure counts half after three days, and half again if an attempt passed later. */
export function weighFailures(failures: readonly Failure[], branch: string, now: number): Weight {
  let [own, others] = [0, 0];
  for (const failure of failures) {
    const age = Math.max(0, now - failure.at);
    const weight = 2 ** (-age / halfLifeMs) * (failure.flaky ? 0.5 : 1);
    if (failure.branch === branch) own += weight;
    else others += weight;
  }
  return { own, others };
}
