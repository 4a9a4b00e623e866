import { createBudget } from './budget.ts';
import { type Distances, findDistances } from './distances.ts';
import { type ImportsOf, openLexer } from './lexer.ts';
import { type Alias, createResolver } from './resolver.ts';
import { createTsconfigPaths } from './tsconfig-paths.ts';
import { createWorkspacePackages } from './workspace-packages.ts';

/** What a runner knows of imports by itself. */
export interface Graph {
  /** Imports of a file as the runner has them already; `undefined` for files it does not know. */
  readonly importsOf?: (file: string) => Iterable<string> | undefined;
  /** How the runner finds what is not relative: asked before `tsconfig.json` and workspace packages are. */
  readonly alias?: Alias;
}

const leastBudgetMs = 300;

/** Distances over the runner's own graph where it has one, else by reading imports; for at most 1 % of the run. */
export async function measureGraph(
  tests: readonly string[],
  changed: readonly string[],
  graph: Graph,
  runMs: number,
): Promise<Distances> {
  if (changed.length === 0) return { byTest: new Map(), followed: undefined };
  const budget = createBudget(Math.max(leastBudgetMs, runMs / 100));
  const lex = await openLexer();
  const { importsOf: known } = graph;
  const importsOf: ImportsOf = known === undefined ? lex : (file) => known(file) ?? lex(file);
  const aliases = [createTsconfigPaths(), createWorkspacePackages()];
  const all = new Set(changed);
  const resolve = createResolver(
    graph.alias === undefined ? aliases : [graph.alias, ...aliases],
    undefined,
    all,
  );
  return findDistances({ tests, changed: all, importsOf, resolve, budget });
}
