import type { Threshold } from '../vocabulary.ts';

/** Reads a threshold such as `3`, `'3'` or `'5%'`; `undefined` when it is none of these. */
export function parseThreshold(value: number | string): Threshold | undefined {
  const text = String(value).trim();
  const percent = /^(\d+(?:\.\d+)?)%$/.exec(text)?.[1];
  if (percent !== undefined) {
    const share = Number(percent);
    return share > 0 && share <= 100 ? { percent: share } : undefined;
  }
  const count = Number(text);
  return /^\d+$/.test(text) && Number.isSafeInteger(count) && count >= 1 ? { count } : undefined;
}

/** Hard failures that reach the threshold; `undefined` for a share while the total is not certain. */
export function failuresNeeded(threshold: Threshold, total: number | undefined): number | undefined {
  if ('count' in threshold) return threshold.count;
  return total === undefined ? undefined : Math.max(1, Math.ceil((total * threshold.percent) / 100));
}
