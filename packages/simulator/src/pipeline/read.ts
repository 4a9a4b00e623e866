import { readFileSync } from 'node:fs';
import { parsePipeline } from './parse.ts';
import type { Pipeline } from './pipeline.ts';
import { PipelineError } from './problems.ts';
import { missingNote } from './upload-env.ts';

/** A pipeline as uploaded with these variables, and what is worth saying of it; or why there is none. */
export type ReadPipeline = { readonly pipeline: Pipeline; readonly note: string | undefined } | string;

/** Reads and uploads a pipeline file. */
export function readPipelineSync(file: string, env: Readonly<Record<string, string>>): ReadPipeline {
  try {
    return uploadText(readFileSync(file, 'utf8'), file, env);
  } catch (error) {
    return `cannot read ${file}: ${error instanceof Error ? error.message : error}`;
  }
}

/** Uploads a pipeline's text; `file` is its name in messages. */
export function uploadText(text: string, file: string, env: Readonly<Record<string, string>>): ReadPipeline {
  const missing = new Set<string>();
  try {
    const pipeline = parsePipeline(text, file, { env, missing });
    return { pipeline, note: missingNote(file, missing) };
  } catch (error) {
    if (error instanceof PipelineError) return error.message;
    throw error;
  }
}
