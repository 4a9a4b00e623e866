import { stripVTControlCharacters } from 'node:util';
import type { Annotation, Build } from '../model/types.ts';
import { annotationHtml } from '../rest/markdown.ts';

/** An annotation as text for a terminal: what stands in `pre` is indented, all else is a line for each block. */
export function annotationText({ body }: Annotation): string {
  const blocks = annotationHtml(body).split(/<pre[^>]*>([\s\S]*?)<\/pre>/);
  const lines = blocks.flatMap((block, index) => {
    const text = decode(block.replaceAll(/<br\s*\/?>/g, '\n').replaceAll(/<[^>]*>/g, ''));
    const own = stripVTControlCharacters(text).split('\n');
    if (index % 2 === 1) return own.map((line) => `    ${line}`.trimEnd());
    return own.map((line) => line.trim()).filter((line) => line !== '');
  });
  return lines.join('\n');
}

/** All annotations of a build under their styles, or an empty text. */
export function annotationsText({ annotations }: Build): string {
  return annotations
    .map((annotation) => `Annotation (${annotation.style}):\n${indent(annotationText(annotation))}\n`)
    .join('\n');
}

function indent(text: string): string {
  return text.replaceAll(/^(?=.)/gm, '  ');
}

function decode(text: string): string {
  const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
  return text.replaceAll(/&(?:#(\d+)|(lt|gt|amp|quot));/g, (_, code: string | undefined, name: string) =>
    code === undefined ? (named[name] ?? '') : String.fromCodePoint(Number(code)),
  );
}
