/** What was refused, and how many requests since the last time that one was told. */
export interface Refusal {
  readonly problem: string;
  readonly requests: number;
}

/** Tells of refused requests, but not of each: a stranger must not fill a log. */
export function createRefusalTeller(
  tell: (refusal: Refusal) => void,
  { everyMs, now }: { readonly everyMs: number; readonly now: () => number },
): (problem: string) => void {
  let toldAt = Number.NEGATIVE_INFINITY;
  let untold = 0;
  return (problem) => {
    untold++;
    if (now() - toldAt < everyMs) return;
    const refusal = { problem, requests: untold };
    [toldAt, untold] = [now(), 0];
    tell(refusal);
  };
}
