import type { Log } from '@promise-failure/core/log';
import { type Graph, measureGraph } from '../graph/measure-graph.ts';
import type { History } from '../history/format.ts';
import { weighFailures } from '../history/weight.ts';
import { nameAffinity } from '../rank/affinity.ts';
import { chooseFailedLately, ownOnly } from '../rank/allowance.ts';
import { type Facts, rankFiles, type Tier, tierOf } from '../rank/rank.ts';
import { tellOrder } from '../rank/tell.ts';

/** What is known of the files of one run. */
export interface Knowledge {
  tierOf(path: string): Tier;
  /** The items in the order in which they should run; a new list. */
  rank<T>(items: readonly T[], pathOf: (item: T) => string): T[];
}

interface Known {
  readonly files: readonly string[];
  readonly changed: readonly string[];
  readonly history: History;
  readonly graph: Graph | undefined;
  readonly keyOf: (path: string) => string;
  readonly log: Log;
  readonly branch: string;
  readonly now: number;
}

/** Measures what can be measured, and says in one line what goes first. Never rejects. */
export async function createKnowledge(known: Known): Promise<Knowledge> {
  const { changed, history, keyOf, log, branch, now } = known;
  const files = [...new Set(known.files)];
  const runMs = files.reduce((sum, file) => sum + (history.get(keyOf(file))?.ms ?? 0), 0);
  const distances = await measureSafely(files, known, runMs);
  const changedSet = new Set(changed);
  const changedKeys = changed.map(keyOf);

  const facts = new Map<string, Facts>();
  for (const path of files) {
    const key = keyOf(path);
    const past = history.get(key);
    const isChanged = changedSet.has(path);
    const distance = distances.byTest.get(path);
    // Words in common mean little where everything has changed, and comparing would cost more than it tells.
    const isCompared = !isChanged && distance !== undefined && changedKeys.length <= 50;
    facts.set(path, {
      isChanged,
      distance,
      affinity: isCompared ? nameAffinity(key, changedKeys) : 0,
      weight: weighFailures(past?.failures ?? [], branch, now),
      expectedMs: past?.failures.find((failure) => failure.ms !== undefined)?.ms ?? past?.ms,
      wholeMs: past?.ms,
    });
  }
  const chosen = chooseFailedLately(facts);
  for (const [path, one] of facts) {
    if (tierOf(one) === 'failed-lately' && !chosen.has(path)) facts.set(path, ownOnly(one));
  }
  const factsOf = (path: string) => facts.get(path) ?? nothing;
  log.info(tellOrder({ tiers: files.map((path) => tierOf(factsOf(path))), followed: distances.followed }));
  return {
    tierOf: (path) => tierOf(factsOf(path)),
    rank: (items, pathOf) => rankFiles(items, (item) => factsOf(pathOf(item))),
  };
}

const nothing: Facts = { isChanged: false, affinity: 0, weight: { own: 0, others: 0 } };

async function measureSafely(files: readonly string[], { changed, graph, log }: Known, runMs: number) {
  try {
    return await measureGraph(files, changed, graph ?? {}, runMs);
  } catch (error) {
    log.debug(`imports cannot be followed: ${String(error)}`);
    return { byTest: new Map<string, number>(), followed: undefined };
  }
}
