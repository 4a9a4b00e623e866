import { type HistoryOptions, type HistoryQuery, readHistory } from '@promise-failure/build-runner';
import type { BuildFacts } from '../facts/facts.ts';
import { fromHistory } from '../facts/from-history.ts';
import type { Progress } from './progress.ts';
import type { ReadingState } from './state.ts';

export interface Collecting {
  readonly rest: Pick<HistoryOptions, 'token' | 'baseUrl' | 'retry' | 'pageSize'>;
  readonly query: HistoryQuery;
  readonly state: ReadingState;
  readonly progress: Progress;
}

/** Thrown where a reading was cut off; `cause` says by what. */
export class CutOffError extends Error {
  override readonly name = 'CutOffError';
  /** Builds that are kept for the next one. */
  readonly kept: number;

  constructor(kept: number, cause: unknown) {
    super('the reading was cut off', { cause });
    this.kept = kept;
  }
}

/** Reads the builds of the period, those that an earlier reading has kept excepted. Rejects with a `CutOffError`. */
export async function collect(
  { rest, query, state, progress }: Collecting,
  signal: AbortSignal,
): Promise<readonly BuildFacts[]> {
  const builds = new Map(state.builds.map((build) => [build.id, build]));
  const { from: createdFrom, to } = state.period;
  const options = { ...rest, onWait: progress.wait };
  try {
    const wanted = { ...query, createdFrom, createdTo: justAfter(oldest(state.builds)) ?? to };
    for await (const page of readHistory(options, wanted, signal)) {
      const fresh = page.map(fromHistory).filter(({ id }) => !builds.has(id));
      state.add(fresh);
      for (const build of fresh) builds.set(build.id, build);
      progress.read(builds.size, oldest(fresh));
    }
    return [...builds.values()];
  } catch (cause) {
    throw new CutOffError(builds.size, cause);
  } finally {
    progress.close();
  }
}

function oldest(builds: readonly BuildFacts[]): number | undefined {
  return builds.reduce<number | undefined>(
    (least, { createdAt }) =>
      createdAt === undefined ? least : Math.min(least ?? Number.POSITIVE_INFINITY, createdAt),
    undefined,
  );
}

/** Others may have been created in the same moment. */
function justAfter(time: number | undefined): string | undefined {
  return time === undefined ? undefined : new Date(time + 1000).toISOString();
}
