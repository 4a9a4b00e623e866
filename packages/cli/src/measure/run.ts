import { writeFileSync } from 'node:fs';
import { explainTrouble } from '../rest/explain.ts';
import { readFiles } from './facts/read-files.ts';
import type { MeasureOptions } from './options.ts';
import { CutOffError } from './read/collect.ts';
import { readPipeline } from './read/read-pipeline.ts';
import { type Measure, measure } from './sum/measure.ts';

const measureExit = { measured: 0, trouble: 1, unmatched: 3 } as const;

/** Runs the command and resolves with its exit code; never rejects. Trouble is told on stderr. */
export async function runMeasure(
  options: MeasureOptions,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<number> {
  try {
    const measured = await readAll(options, env, signal);
    if (options.html !== undefined) await writePage(options.html, measured);
    process.stdout.write(`${await show(measured, options)}\n`);
    return measured.unmatched.length > 0 ? measureExit.unmatched : measureExit.measured;
  } catch (error) {
    return explain(error, options.pipeline ?? '', signal);
  }
}

async function readAll(
  options: MeasureOptions,
  env: NodeJS.ProcessEnv,
  signal: AbortSignal,
): Promise<Measure> {
  const { pipeline, files } = options;
  if ((pipeline === undefined) === (files === undefined)) {
    throw new TypeError('name a pipeline, <organization>/<pipeline>, or evidence with --files <path>');
  }
  if (files !== undefined) return measureFiles(files);
  const { builds, source } = await readPipeline(options, env, signal);
  return measure(builds, source);
}

function measureFiles(paths: readonly string[]): Measure {
  const { builds, files, passedOver, dryRuns } = readFiles(paths);
  for (const file of passedOver) say(`passed over, because it is no evidence: ${file}`);
  if (files === 0) throw new Error(`there is no evidence in ${paths.join(', ')}`);
  return measure(builds, { type: 'files', files, dryRuns });
}

/** Each way is loaded when it is asked for. */
async function show(measured: Measure, { json, csv }: MeasureOptions): Promise<string> {
  if (json) return JSON.stringify(measured, null, 2);
  if (csv) return (await import('./out/csv.ts')).measureCsv(measured).trimEnd();
  return (await import('./out/table.ts')).measureTable(measured);
}

async function writePage(file: string, measured: Measure): Promise<void> {
  const { measurePage } = await import('./out/page.ts');
  writeFileSync(file, measurePage(measured));
  say(`wrote ${file}`);
}

function explain(error: unknown, pipeline: string, signal: AbortSignal): number {
  const cause = error instanceof CutOffError ? error.cause : error;
  const isStopped = signal.aborted && typeof signal.reason === 'number';
  if (!isStopped) say(explainTrouble(cause, pipeline));
  if (error instanceof CutOffError && error.kept > 0) {
    say(`cut off after ${error.kept} builds: the same command goes on from there`);
  }
  return isStopped ? (signal.reason as number) : measureExit.trouble;
}

function say(line: string): void {
  process.stderr.write(`promise-failure: ${line}\n`);
}
