import type { Annotation, Build, BuildNote } from '../model/types.ts';
import { annotationText } from './annotation-text.ts';
import { reasonAfter } from './words.ts';

/** Characters of an annotation or a value that are shown on a line. */
const shown = 200;

/** What was left on a build, in one line. */
export function noteText(note: BuildNote): string {
  if ('metaData' in note) return `meta-data ${metaDataText(note.metaData)}`;
  const { annotation, context } = note;
  return annotation === null ? `annotation ${context} removed` : `annotation ${annotationLine(annotation)}`;
}

/** Everything that is left on a build, a line each; annotations of a higher priority first. */
export function noteLines({ annotations, metaData }: Build): string[] {
  const sorted = annotations.toSorted((a, b) => b.priority - a.priority);
  const values = Object.keys(metaData).length === 0 ? [] : [`meta-data ${metaDataText(metaData)}`];
  return [...sorted.map(annotationLine), ...values];
}

function annotationLine(annotation: Annotation): string {
  const { context, style } = annotation;
  const name = style === 'default' ? context : `${context} (${style})`;
  const text = annotationText(annotation).replaceAll(/\s+/g, ' ');
  return `${name}${reasonAfter(': ', text.slice(0, shown))}`;
}

function metaDataText(values: Readonly<Record<string, string>>): string {
  const pairs = Object.entries(values).map(([key, value]) => `${key}=${value.slice(0, shown)}`);
  return reasonAfter('', pairs.join(', '));
}
