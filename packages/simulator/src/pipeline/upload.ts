import { type Document, isMap, isScalar, type Scalar, visit } from 'yaml';
import { InterpolationError, interpolate } from './interpolate.ts';
import type { ReadContext } from './problems.ts';

/** The variables at upload, and the names that were asked for in vain. */
export interface Upload {
  readonly env: Readonly<Record<string, string>>;
  /** Names of variables that are empty in the uploaded pipeline because they are not set. */
  readonly missing: Set<string>;
}

/** Interpolates every text of the document in place; the pipeline's own `env` comes first and counts for the rest. */
export function interpolateDocument(document: Document.Parsed, upload: Upload, context: ReadContext): void {
  const own: Record<string, string> = {};
  const lookup = (name: string) => {
    const value = own[name] ?? upload.env[name];
    if (value === undefined) upload.missing.add(name);
    return value;
  };
  const apply = (node: Scalar) => {
    if (typeof node.value !== 'string' || !/[$\\]/.test(node.value)) return;
    try {
      node.value = interpolate(node.value, lookup);
      node.source = String(node.value);
    } catch (error) {
      if (!(error instanceof InterpolationError)) throw error;
      context.problem(node, error.message);
    }
  };
  const env = isMap(document.contents) ? document.contents.get('env', true) : undefined;
  const done = new Set<unknown>();
  if (isMap(env)) {
    for (const { key, value } of env.items) {
      if (!isScalar(value)) continue;
      apply(value);
      done.add(value);
      own[String(key)] = value.source ?? String(value.value);
    }
  }
  visit(document, {
    Scalar(_key, node) {
      if (!done.has(node)) apply(node);
    },
  });
}
