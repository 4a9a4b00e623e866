import { parsePipelineAddress } from '@promise-failure/build-runner';
import { readRest } from '../../rest/read-rest.ts';
import type { BuildFacts } from '../facts/facts.ts';
import type { MeasureOptions } from '../options.ts';
import type { MeasureSource } from '../sum/measure.ts';
import { collect } from './collect.ts';
import { createProgress } from './progress.ts';
import { defaultStateFile, openState, type Period, type ReadingState } from './state.ts';

export interface PipelineFacts {
  readonly builds: readonly BuildFacts[];
  readonly source: MeasureSource;
}

/** Reads a pipeline's builds of a period from the REST API, going on where an earlier reading was cut off. */
export async function readPipeline(
  { pipeline = '', branch, from, to, state: file, apiUrl }: MeasureOptions,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<PipelineFacts> {
  const address = parsePipelineAddress(pipeline);
  if (address === undefined) {
    throw new TypeError(`not a pipeline: ${pipeline}; give its URL or <organization>/<pipeline>`);
  }
  const rest = readRest(apiUrl, env);
  const name = `${address.organization}/${address.pipeline}`;
  const key = JSON.stringify([rest.baseUrl ?? '', name, branch ?? '', from.given, to?.given ?? '']);
  const now = Date.now();
  const begin = () => {
    const period = { from: isoOf(from.at(now)), to: isoOf(to?.at(now) ?? now) };
    if (period.from >= period.to)
      throw new RangeError(`--from ${from.given} is not before --to ${to?.given}`);
    return period;
  };
  const state = openOwnState(file ?? defaultStateFile(key, env), file !== undefined, { key, begin, now });
  const query = { ...address, branch };
  const builds = await collect(
    { rest, query, state, progress: createProgress(name, process.stderr) },
    signal,
  );
  state.remove();
  const source = { type: 'pipeline', pipeline: name, branch: branch ?? null, ...state.period } as const;
  return { builds, source };
}

interface Reading {
  readonly key: string;
  readonly begin: () => Period;
  readonly now: number;
}

/** A cache that cannot be written costs only that a reading which is cut off begins anew; a file that was named is an error. */
function openOwnState(file: string, isNamed: boolean, { key, begin, now }: Reading): ReadingState {
  try {
    return openState(file, key, begin, now);
  } catch (error) {
    if (isNamed || (error as NodeJS.ErrnoException).code === undefined) throw error;
    return { period: begin(), builds: [], add() {}, remove() {} };
  }
}

function isoOf(at: number): string {
  return new Date(at).toISOString();
}
