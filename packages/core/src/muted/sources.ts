import type { Config } from '../config/config.ts';
import type { Env } from '../env.ts';
import type { Log } from '../log.ts';
import { createBktecSource } from './bktec-source.ts';
import { createFileSource } from './file-source.ts';
import { createOptionSource } from './option-source.ts';
import type { MutedSource } from './source.ts';
import { createSuiteSource } from './suite-source.ts';
import { readTestEngineAccess } from './test-engine.ts';

export interface MutedSeams {
  readonly log: Log;
  /** Buildkite's own client, which mutes tests, runs this runner. */
  readonly bktec?: boolean;
  /** @default process.cwd() */
  readonly cwd?: string;
  /** Milliseconds since the epoch. @default Date.now */
  readonly now?: () => number;
}

/** Word for "no suite", where the environment names one that this run has nothing to do with. */
const noSuite = 'none';

/**
 * The places this run's muted tests come from. None means that nothing is muted, known at once: nothing is read
 * or fetched before a source's `load`.
 */
export function createMutedSources(
  config: Pick<Config, 'muted' | 'mutedFile' | 'mutedSuite'>,
  env: Env,
  { log, bktec = false, cwd = process.cwd(), now = Date.now }: MutedSeams,
): readonly MutedSource[] {
  const sources: MutedSource[] = [];
  if (config.muted.length > 0) sources.push(createOptionSource(config.muted));
  if (config.mutedFile) sources.push(createFileSource(config.mutedFile, { cwd, now, log }));
  if (config.mutedSuite === noSuite) return sources;

  if (config.mutedSuite) sources.push(createSuiteSource(config.mutedSuite, env));
  const bktecSuite = env.BUILDKITE_TEST_ENGINE_SUITE_SLUG || (bktec ? config.mutedSuite : undefined);
  if (bktec || bktecSuite) sources.push(createBktecSource(readTestEngineAccess(bktecSuite, env), env, log));
  return sources;
}
