import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { buildsPerPage, planPolls } from './poll-plan.ts';

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe('a poll plan', () => {
  it('reads one build alone, and 2,000 neighbours in 20 pages', () => {
    expect(planPolls([5], 5)).toEqual({ pagesDownTo: undefined, single: [5] });
    expect(planPolls(range(1, 2000), 2000)).toEqual({ pagesDownTo: 1, single: [] });
  });

  it('does not page down to a straggler', () => {
    expect(planPolls([...range(901, 1000), 3], 1000)).toEqual({ pagesDownTo: 901, single: [3] });
  });

  it('reads alone what lies deep below builds of others', () => {
    expect(planPolls([10, 11, 12], 100_000)).toEqual({ pagesDownTo: undefined, single: [12, 11, 10] });
  });

  it('covers every build, in no more requests than one for each', () => {
    const numbers = fc.uniqueArray(fc.integer({ min: 1, max: 5000 }), { minLength: 1, maxLength: 60 });
    fc.assert(
      fc.property(numbers, fc.nat(1000), (watched, ahead) => {
        const newest = Math.max(...watched) + ahead;
        const { pagesDownTo, single } = planPolls(watched, newest);
        const covered = (number: number) =>
          single.includes(number) || (pagesDownTo !== undefined && number >= pagesDownTo);
        const pages = pagesDownTo === undefined ? 0 : Math.ceil((newest - pagesDownTo + 1) / buildsPerPage);
        return watched.every(covered) && pages + single.length <= watched.length;
      }),
    );
  });
});
