import type { Document, LineCounter, Node } from 'yaml';
import { loadYaml } from '../packages.ts';
import { type RefuseField, readEntry, type WrittenEntry } from './entry-fields.ts';

/** An entry and where it stands (`muted.yaml:12`). */
export type PlacedEntry = WrittenEntry & { readonly origin: string };

/**
 * Reads a list of muted tests, YAML or JSON (which is YAML). An empty file is an empty list.
 * Throws one error that names every problem by file, line and field: a list that is half understood is none.
 */
export async function parseMutedFile(text: string, path: string): Promise<readonly PlacedEntry[]> {
  const yaml = await loadYaml();
  const lines = new yaml.LineCounter();
  const document = yaml.parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const problems = document.errors.map(
    ({ pos, message }) => `${path}:${lines.linePos(pos[0]).line}: ${message}`,
  );
  const entries = problems.length > 0 ? [] : readDocument(document, path, lines, problems);
  if (problems.length > 0) throw new Error(problems.join('; '));
  return entries;
}

function readDocument(
  document: Document,
  path: string,
  lines: LineCounter,
  problems: string[],
): readonly PlacedEntry[] {
  const values = toValues(document, path, problems);
  return values.flatMap((value, index) => {
    const origin = `${path}:${lineOf(document, lines, [index])}`;
    const refuse: RefuseField = (field, found, expected) => {
      const at = lineOf(document, lines, field === undefined ? [index] : [index, field]);
      const what = JSON.stringify(found) ?? 'missing';
      problems.push(`${path}:${at}: ${field ?? 'the entry'} is ${what}, expected ${expected}`);
    };
    const entry = readEntry(value, refuse);
    return entry === undefined ? [] : [{ ...entry, origin }];
  });
}

function toValues(document: Document, path: string, problems: string[]): readonly unknown[] {
  try {
    const root: unknown = document.toJS();
    if (root === null || root === undefined) return [];
    if (Array.isArray(root)) return root;
    problems.push(`${path}:1: the file holds ${typeof root}, expected a list of muted tests`);
  } catch (error) {
    problems.push(`${path}: ${(error as Error).message}`);
  }
  return [];
}

/** Line of the node, or of the nearest node around it that has one. */
function lineOf(document: Document, lines: LineCounter, at: readonly (string | number)[]): number {
  const node = at.length === 0 ? document.contents : (document.getIn(at, true) as Node | undefined);
  const start = node?.range?.[0];
  if (start !== undefined) return lines.linePos(start).line;
  return at.length === 0 ? 1 : lineOf(document, lines, at.slice(0, -1));
}
