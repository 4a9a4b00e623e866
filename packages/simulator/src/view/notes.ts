import type { Annotation, Build, BuildNote } from '../model/types.ts';
import { reasonAfter } from './words.ts';

/** Characters of an annotation or a value that are shown on a line. */
const shown = 200;

/** What was left on a build, in one line. */
export function noteText(note: BuildNote): string {
  if ('metaData' in note) return `meta-data ${metaDataText(note.metaData)}`;
  const { annotation, context } = note;
  return annotation === null ? `annotation ${context} removed` : `annotation ${annotationText(annotation)}`;
}

/** Everything that is left on a build, a line each; annotations of a higher priority first. */
export function noteLines({ annotations, metaData }: Build): string[] {
  const sorted = annotations.toSorted((a, b) => b.priority - a.priority);
  const values = Object.keys(metaData).length === 0 ? [] : [`meta-data ${metaDataText(metaData)}`];
  return [...sorted.map(annotationText), ...values];
}

function annotationText({ context, style, body }: Annotation): string {
  const name = style === 'default' ? context : `${context} (${style})`;
  return `${name}${reasonAfter(': ', body.trim().slice(0, shown))}`;
}

function metaDataText(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${value.slice(0, shown)}`);
  return reasonAfter('', pairs.join(', '));
}
