/** How to read many builds of one pipeline in few requests. Build numbers. */
export interface PollPlan {
  /** Page through the list of builds, newest first, down to this one; undefined: no pages. */
  readonly pagesDownTo: number | undefined;
  /** Read each of these alone. */
  readonly single: readonly number[];
}

/** Builds on one page of the list, the most that Buildkite gives. */
export const buildsPerPage = 100;

/**
 * The plan with the fewest requests: the newest builds by pages, stragglers far below them one by one. `newest`
 * is the highest build number known of the pipeline, watched or not.
 */
export function planPolls(numbers: readonly number[], newest: number): PollPlan {
  const falling = [...numbers].sort((a, b) => b - a);
  let cheapest = falling.length;
  let paged = 0;
  falling.forEach((number, index) => {
    const pages = Math.ceil((Math.max(newest, number) - number + 1) / buildsPerPage);
    const cost = pages + falling.length - index - 1;
    if (cost < cheapest) [cheapest, paged] = [cost, index + 1];
  });
  return { pagesDownTo: falling[paged - 1], single: falling.slice(paged) };
}
