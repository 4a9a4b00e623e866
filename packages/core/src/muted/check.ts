import type { Config } from '../config/config.ts';
import type { Env } from '../env.ts';
import { createLog } from '../log.ts';
import { createMutedSources } from './sources.ts';

/** One place that a list of muted tests comes from, tried. */
export type MutedCheck =
  | { readonly source: string; readonly entries: number }
  | { readonly source: string; readonly problem: string };

/** Loads the list of each source that a run with these settings would ask, for nobody. None: nothing is muted. Never rejects. */
export async function checkMuted(
  config: Pick<Config, 'muted' | 'mutedFile' | 'mutedSuite'>,
  env: Env,
  { bktec, cwd }: { readonly bktec: boolean; readonly cwd: string },
  signal: AbortSignal,
): Promise<readonly MutedCheck[]> {
  const log = createLog(false, { write: () => {} });
  const sources = createMutedSources(config, env, { log, bktec, cwd });
  return Promise.all(
    sources.map(({ name: source, load }) =>
      load(signal).then(
        (entries) => ({ source, entries: entries.length }),
        (error: unknown) => ({ source, problem: error instanceof Error ? error.message : String(error) }),
      ),
    ),
  );
}
