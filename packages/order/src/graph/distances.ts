import type { Budget } from './budget.ts';
import type { ImportsOf } from './lexer.ts';
import type { Resolve } from './resolver.ts';

export interface Search {
  /** Test files. */
  readonly tests: readonly string[];
  readonly changed: ReadonlySet<string>;
  readonly importsOf: ImportsOf;
  readonly resolve: Resolve;
  readonly budget: Budget;
}

/** How many imports lie between a test file and the nearest changed file, for those that reach one. */
export interface Distances {
  readonly byTest: ReadonlyMap<string, number>;
  /** Imports that could be followed within the budget; `undefined` if all could. */
  readonly followed: number | undefined;
}

const filesBetweenLooks = 8;

/**
 * Follows imports outward from all tests at once, one step after another, so that a search that is given up has
 * found what is near; then measures back from the changed files.
 */
export function findDistances({ tests, changed, importsOf, resolve, budget }: Search): Distances {
  const importers = new Map<string, string[]>();
  const seen = new Set(tests);
  let frontier: readonly string[] = tests;
  let steps = 0;
  let read = 0;
  let isSpent = changed.size === 0;
  while (frontier.length > 0 && !isSpent) {
    const next: string[] = [];
    for (const file of frontier) {
      if (read++ % filesBetweenLooks === 0 && budget.isSpent()) {
        isSpent = true;
        break;
      }
      for (const specifier of importsOf(file)) {
        const target = resolve(specifier, file);
        if (target === undefined || target.includes('/node_modules/')) continue;
        const known = importers.get(target);
        if (known === undefined) importers.set(target, [file]);
        else known.push(file);
        if (!seen.has(target)) {
          seen.add(target);
          next.push(target);
        }
      }
    }
    if (!isSpent) steps++;
    frontier = next;
  }
  return {
    byTest: measure(tests, changed, importers),
    followed: isSpent && changed.size > 0 ? steps : undefined,
  };
}

function measure(
  tests: readonly string[],
  changed: ReadonlySet<string>,
  importers: ReadonlyMap<string, readonly string[]>,
): Map<string, number> {
  const distance = new Map<string, number>([...changed].map((file) => [file, 0]));
  let frontier = [...changed];
  for (let steps = 1; frontier.length > 0; steps++) {
    const next: string[] = [];
    for (const file of frontier) {
      for (const importer of importers.get(file) ?? []) {
        if (distance.has(importer)) continue;
        distance.set(importer, steps);
        next.push(importer);
      }
    }
    frontier = next;
  }
  return new Map(
    tests.flatMap((test) => {
      const steps = distance.get(test);
      return steps === undefined ? [] : [[test, steps] as const];
    }),
  );
}
