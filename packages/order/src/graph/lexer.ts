import { readFileSync } from 'node:fs';
import { init, parse } from 'es-module-lexer';

/** What a file imports, as written in it; type-only imports, which are gone at run time, left out. */
export type ImportsOf = (file: string) => Iterable<string>;

const source = /\.[cm]?[jt]sx?$/;
const required = /\b(?:require|requireActual|import|mock|doMock)\s*\(\s*(['"])([^'"\n]+)\1/g;
const declared =
  /^[ \t]*(?:import|export)\b(?![ \t]+type\b)[^'"`;]*?(?:\bfrom[ \t]*|[ \t])(['"])([^'"\n]+)\1/gm;

/** Opens the lexer. Files that cannot be read import nothing. */
export async function openLexer(): Promise<ImportsOf> {
  await init;
  return (file) => {
    if (!source.test(file)) return [];
    try {
      return lexImports(readFileSync(file, 'utf8'));
    } catch {
      return [];
    }
  };
}

/** The lexer knows neither JSX nor `require`: there, patterns have to do. `openLexer` must have resolved. */
export function lexImports(text: string): Set<string> {
  const found = new Set<string>();
  try {
    for (const entry of parse(text)[0]) {
      const isType = 'typeOnly' in entry ? entry.typeOnly : entry.probablyTypeOnly;
      if (typeof entry.specifier === 'string' && !isType) found.add(entry.specifier);
    }
  } catch {
    addAll(found, text, declared);
  }
  if (text.includes('(')) addAll(found, text, required);
  return found;
}

function addAll(found: Set<string>, text: string, pattern: RegExp): void {
  for (const match of text.matchAll(pattern)) if (match[2] !== undefined) found.add(match[2]);
}
