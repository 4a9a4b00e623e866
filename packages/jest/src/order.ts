import { realpathSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from '@jest/reporters';
import type { AggregatedResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import type { RedFirst } from '@promise-failure/order';
import { graphOf } from './graph.ts';
import { type IsMuted, toFileResults } from './results.ts';

type Options = Readonly<Record<string, unknown>>;

/** What the sequencer of this process has opened. The reporter remembers through it, too. */
let open: { readonly redFirst: RedFirst; readonly isWhole: boolean } | undefined;
const recorded = new WeakSet<object>();
let isArranged = false;

/** The tests with those first that will probably fail, or as they came where nobody asked. Never rejects. */
export async function arrangeTests(
  tests: readonly Test[],
  config: Config.GlobalConfig | undefined,
): Promise<Test[]> {
  const options = optionsOf(config);
  if (!isAskedFor(options)) return [...tests];
  isArranged = true;
  const rootDir = config?.rootDir ?? tests[0]?.context.config.rootDir;
  if (rootDir === undefined || config?.listTests) return [...tests];
  try {
    const { openRedFirst } = await import('@promise-failure/order');
    const redFirst = openRedFirst({ rootDir, options });
    if (redFirst === undefined) return [...tests];
    open = config?.watch || config?.watchAll ? undefined : { redFirst, isWhole: !config?.testNamePattern };
    const paths = tests.map((test) => test.path);
    const knowledge = await redFirst.learn(paths, graphOf(tests));
    return knowledge.rank(tests, (test) => test.path);
  } catch (error) {
    process.stderr.write(`promise-failure: warning: the order of tests stays as it is: ${String(error)}\n`);
    return [...tests];
  }
}

/** Jest takes an order from its `testSequencer` alone: says so to who asks the reporter for one. */
export function sayUnlessArranged(options: Options): void {
  if (isArranged || !isAskedFor(options)) return;
  isArranged = true;
  process.stderr.write(
    `promise-failure: warning: order needs testSequencer: '@promise-failure/jest/sequencer' in Jest's configuration, and before Jest 30 the variable PROMISE_FAILURE_ORDER: Jest's own order stays\n`,
  );
}

function isAskedFor(options: Options): boolean {
  return (options.order ?? (process.env.PROMISE_FAILURE_ORDER || 'off')) !== 'off';
}

/** Remembers the outcome of a run once, whoever comes first with it. */
export function recordRun(results: AggregatedResult, isMuted: IsMuted = () => false): void {
  if (open === undefined || recorded.has(results)) return;
  recorded.add(results);
  open.redFirst.record(toFileResults(results, isMuted, open.isWhole));
}

/** Jest gives a sequencer no options: those of our reporter count. Before Jest 30 it gets no configuration either. */
function optionsOf(config: Config.GlobalConfig | undefined): Options {
  const ours = realPath(fileURLToPath(new URL('./index.js', import.meta.url)));
  for (const entry of config?.reporters ?? []) {
    const [path, options] = Array.isArray(entry) ? entry : [entry];
    if (path === '@promise-failure/jest' || realPath(path) === ours) return options ?? {};
  }
  return {};
}

function realPath(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return join(path);
  }
}
