import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Token, Tokens } from 'marked';
import { parseAst } from 'vitest/node';
import { type Page, top } from './pages.ts';

/** A message as a page has it: `<...>` stands for what differs. */
export interface Message {
  readonly page: string;
  readonly text: string;
}

/** The messages in the first column of every table that begins with the word. */
export function readMessages(pages: readonly Page[]): readonly Message[] {
  return pages.flatMap(({ path, tokens }) =>
    tokens
      .filter(isMessageTable)
      .flatMap(({ rows }) =>
        rows.flatMap(([first]) =>
          (first?.tokens ?? [])
            .filter((token): token is Tokens.Codespan => token.type === 'codespan')
            .map(({ text }) => ({ page: path, text })),
        ),
      ),
  );
}

function isMessageTable(token: Token): token is Tokens.Table {
  return token.type === 'table' && (token as Tokens.Table).header[0]?.text === 'Message';
}

/** What a message says in all cases: the pieces between what differs. Some say `<...>` themselves, to show a form. */
export function fixedPieces(text: string): readonly string[] {
  return text.split(/<[^<>]+>/).filter((piece) => piece !== '');
}

/** The message as it may stand in a log. */
export function toPattern(text: string): RegExp {
  const escaped = fixedPiecesAndGaps(text).map((piece) => piece.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(escaped.join('.+?'));
}

function fixedPiecesAndGaps(text: string): readonly string[] {
  return text.split(/<[^<>]+>/);
}

/** A text that the built code holds: a whole string, or what stands between two values of a template. */
export interface Constant {
  readonly file: string;
  readonly text: string;
}

/** Stands before every line, and is left out on the pages. */
const prefix = /^promise-failure: (?:warning: )?/;

/**
 * All of a package, in the order of its sources, or of the one file that they are bundled into; what commander shows in
 * a help text is none of it.
 */
export function readConstants(name: string): readonly Constant[] {
  const listed = execFileSync('git', ['ls-files', `packages/${name}/src`], { cwd: top, encoding: 'utf8' });
  const built = listed
    .split('\n')
    .filter((path) => /(?<!\.test|\.d)\.ts$/.test(path))
    .map((source) => source.replace('/src/', '/dist/').replace(/\.ts$/, '.js'))
    .map((path) => (existsSync(join(top, path)) ? path : `packages/${name}/dist/index.js`));
  return [...new Set(built)].flatMap((path) => {
    const program = parseAst(readFileSync(join(top, path), 'utf8'));
    const file = path.replace(/^packages\/|\.js$/g, '').replace('/dist/', '/');
    return collect(program.body)
      .flatMap(fixedPieces)
      .map((text) => ({ file, text: text.replace(prefix, '').replace(/^\n+|\n+$/g, '') }));
  });
}

type Node = Record<string, unknown>;

const ofHelp = new Set(['option', 'summary', 'description', 'argument', 'addHelpText', 'Option']);

function collect(node: unknown): readonly string[] {
  if (Array.isArray(node)) return node.flatMap(collect);
  if (typeof node !== 'object' || node === null) return [];
  const { type, value, callee, source: _, ...rest } = node as Node;
  if (type === 'Literal') return typeof value === 'string' ? [value] : [];
  if (type === 'TemplateElement') return [String((value as Node).cooked)];
  const { property = callee } = Object(callee) as Node;
  const { name = '' } = Object(property) as Node;
  const isHelp = (type === 'CallExpression' || type === 'NewExpression') && ofHelp.has(String(name));
  return isHelp ? collect(callee) : Object.values({ value, callee, ...rest }).flatMap(collect);
}

const isSentence = (text: string) => /[a-z]+\s+\S*[a-z]+\s+\S*[a-z]/i.test(text);

/** Texts of three words and more: what somebody may read, and paste into a search box. */
export function sentencesOf(constants: readonly Constant[]): readonly Constant[] {
  return constants.filter(({ text }) => isSentence(text));
}

/** Whether code that holds these texts can say the message: each fixed piece is put together from whole ones. */
export function canBeSaid(text: string, constants: readonly Constant[]): boolean {
  const parts = new Set(constants.map(({ text }) => text).filter(isPart));
  return fixedPieces(text).every((piece) =>
    isMadeOf(
      piece,
      [...parts].filter((part) => piece.includes(part)),
    ),
  );
}

/** Single letters would make any sentence. */
function isPart(text: string): boolean {
  return text !== '' && !/^[a-z]$/i.test(text);
}

function isMadeOf(piece: string, parts: readonly string[]): boolean {
  const reached = [true];
  for (let at = 0; at < piece.length; at++) {
    if (!reached[at]) continue;
    for (const part of parts) if (piece.startsWith(part, at)) reached[at + part.length] = true;
  }
  return reached[piece.length] === true;
}
