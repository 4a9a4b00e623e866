import type { Config } from '../config/config.ts';
import type { Env } from '../env.ts';
import { type ReadAncestors, readProcessAncestors } from './ancestors.ts';
import { findBktec } from './bktec.ts';
import { datadogMayFlip, findWrappers, nxCloudMayRerun } from './flippers.ts';

/** What stands around the runner and can re-run or override it. */
export interface Layers {
  /** Why the job may end green although the runner fails; empty when nothing of the kind is seen. */
  readonly flippers: readonly string[];
  /** How many further runs of the runner a failure must survive. */
  readonly outerRetries: number;
  /** True where Buildkite's own client runs the runner, or may: it mutes tests, and forgives what failed beside them. */
  readonly bktec: boolean;
  /** The process that runs the runner again, told from one of the same number; empty where it is not known. */
  readonly family: string;
}

/** What only the runner's own thread can tell of its process. */
export interface ProcessFacts {
  readonly execArgv: readonly string[];
  /** Datadog's tracer is loaded. */
  readonly tracer: boolean;
  /** Folder of the run's configuration. */
  readonly rootDir: string;
}

/** Looks at the environment, the process and its ancestors for layers that make an early promise uncertain. */
export function lookAround(
  config: Pick<Config, 'exitWrapper' | 'outerRetries'>,
  env: Env,
  { execArgv, tracer, rootDir }: ProcessFacts,
  readAncestors: ReadAncestors = readProcessAncestors,
): Layers {
  const ancestors = readAncestors(Number(env.BUILDKITE_AGENT_PID) || undefined);
  const bktec = findBktec(ancestors, env);
  const flippers = [
    ...(config.exitWrapper === undefined ? [] : [config.exitWrapper]),
    ...(datadogMayFlip(env, execArgv, tracer) ? ['Datadog Test Optimization (dd-trace)'] : []),
    ...(nxCloudMayRerun(env, rootDir) ? ['Nx Cloud, which re-runs flaky tasks'] : []),
    ...findWrappers(ancestors),
    ...(bktec.hidden && config.outerRetries === undefined
      ? ['bktec, whose number of retries cannot be read here (outerRetries may tell it),']
      : []),
  ];
  // bktec's number and the user's own may tell of two wrappers: the larger one is safe for both.
  const seen = bktec.process !== undefined || config.outerRetries === undefined;
  const outerRetries = Math.max(config.outerRetries ?? 0, seen ? bktec.retries : 0);
  return { flippers, outerRetries, bktec: bktec.likely, family: bktec.process?.id ?? '' };
}
