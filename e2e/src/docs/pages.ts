import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { lexer, walkTokens } from 'marked';
import { e2eFolder } from '../harness/runners.ts';

/** The repository's folder. */
export const top = dirname(e2eFolder);

/** A code block of a page; `name` tells where it stands. */
export interface CodeBlock {
  readonly name: string;
  readonly language: string;
  readonly text: string;
}

/** Every page of the repository that people read, changesets left out. */
export function readPages(): readonly { readonly path: string; readonly text: string }[] {
  const listed = execFileSync('git', ['ls-files', '*.md', ':!.changeset'], { cwd: top, encoding: 'utf8' });
  const paths = listed.trim().split('\n');
  return paths.map((path) => ({ path, text: readFileSync(join(top, path), 'utf8') }));
}

export function readCodeBlocks(): readonly CodeBlock[] {
  return readPages().flatMap(({ path, text }) => {
    const blocks: CodeBlock[] = [];
    walkTokens(lexer(text), (token) => {
      if (token.type !== 'code') return;
      const language = token.lang ?? '';
      blocks.push({ name: `${path}, ${language} ${blocks.length + 1}`, language, text: token.text });
    });
    return blocks;
  });
}
