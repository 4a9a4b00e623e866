import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lexer, type Token, type Tokens, walkTokens } from 'marked';
import { e2eFolder } from '../harness/runners.ts';

export const top = dirname(e2eFolder);

export interface Page {
  /** Below the top of the repository. */
  readonly path: string;
  readonly text: string;
  readonly tokens: readonly Token[];
}

/** A code block of a page; `name` tells where it stands. */
export interface CodeBlock {
  readonly name: string;
  readonly page: string;
  readonly language: string;
  readonly text: string;
}

/** Every page of the repository that people read, changesets left out. */
export function readPages(): readonly Page[] {
  const args = ['ls-files', '--cached', '--others', '--exclude-standard', '*.md', ':!.changeset'];
  const listed = execFileSync('git', args, { cwd: top, encoding: 'utf8' });
  const paths = listed.trim().split('\n');
  return paths.map((path) => {
    const text = readFileSync(join(top, path), 'utf8');
    const tokens: Token[] = [];
    walkTokens(lexer(text), (token) => {
      tokens.push(token);
    });
    return { path, text, tokens };
  });
}

export function readCodeBlocks(): readonly CodeBlock[] {
  return readPages().flatMap(({ path, tokens }) =>
    tokens.filter(isCode).map(({ lang: language = '', text }, index) => ({
      name: `${path}, ${language} ${index + 1}`,
      page: path,
      language,
      text,
    })),
  );
}

export function isCode(token: Token): token is Tokens.Code {
  return token.type === 'code';
}
