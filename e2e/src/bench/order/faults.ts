import type { Random } from './random.ts';
import type { Fn, Source, Suite, TestFile } from './suite.ts';

/** One wrong number in one source, and the test files that fail by it. */
export interface Fault {
  readonly source: Source;
  readonly fn: Fn;
  readonly broken: readonly TestFile[];
}

/** The share of faults that break one test file only, at least. */
const singleShare = 0.6;

/** What a function returns. */
export function resultOf(fn: Fn): number {
  return fn.calls.reduce((sum, { fn: called }) => sum + resultOf(called), fn.own);
}

/** Whether a wrong number in `fault` reaches what `fn` returns: there is nothing but adding. */
function isReached(fn: Fn, fault: Fn): boolean {
  return fn === fault || fn.calls.some(({ fn: called }) => isReached(called, fault));
}

/** Faults in the order in which they come up: some sources change often and most seldom, so some come back. */
export function injectFaults(random: Random, { sources, tests }: Suite, count: number): Fault[] {
  const churn = sources.map((source) => ({ source, weight: random.logNormal(1.2) }));
  const all = churn.reduce((sum, { weight }) => sum + weight, 0);
  const pickSource = () => {
    let left = random.next() * all;
    for (const { source, weight } of churn) {
      left -= weight;
      if (left < 0) return source;
    }
    return random.pick(sources);
  };
  const faults: Fault[] = [];
  let wide = 0;
  while (faults.length < count) {
    const source = pickSource();
    const fn = random.pick(source.functions);
    const broken = tests.filter((file) => file.tests.some(({ checks }) => isReached(checks.fn, fn)));
    const isWide = broken.length > 1;
    if (broken.length === 0 || (isWide && wide + 1 > count * (1 - singleShare))) continue;
    if (isWide) wide++;
    faults.push({ source, fn, broken });
  }
  return faults;
}
