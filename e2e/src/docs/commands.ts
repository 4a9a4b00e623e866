import type { Tokens } from 'marked';
import { isCode, type Page } from './pages.ts';

/** A command of ours, as a page has it. */
export interface Command {
  readonly page: string;
  readonly text: string;
  readonly words: readonly string[];
}

/** The commands in blocks of shell, behind the prompts of console blocks, and between backquotes in a sentence. */
export function readCommands(pages: readonly Page[]): readonly Command[] {
  return pages.flatMap(({ path, tokens }) =>
    tokens.flatMap((token) => {
      if (token.type === 'codespan') return split(path, (token as Tokens.Codespan).text);
      if (!isCode(token)) return [];
      if (token.lang === 'sh') return split(path, token.text);
      const prompts = token.lang === 'console' ? token.text.matchAll(/^\$ (.*)$/gm) : [];
      return [...prompts].flatMap(([, line = '']) => split(path, line));
    }),
  );
}

const word = /(?:[^\s"'<[#]|"[^"]*"|'[^']*'|<[^>]*>|\[[^\]]*\])(?:[^\s"'<]|"[^"]*"|'[^']*'|<[^>]*>)*/g;

function split(page: string, text: string): readonly Command[] {
  const lines = text
    .split('\n')
    .flatMap((line) => line.replace(/(^|\s)#.*$/, '').split(/\s(?:&&|\|\||[|&])(?:\s|$)/));
  return lines.flatMap((line) => {
    const words = [...line.matchAll(word)].map(([found]) => found);
    const program = words.findIndex((found) => !/^[A-Z_]+=/.test(found));
    const own = stripNpx(words.slice(Math.max(0, program)));
    return /^(promise-failure|promise-failure-simulator|pnpm)$/.test(own[0] ?? '')
      ? [{ page, text: line.trim(), words: own }]
      : [];
  });
}

function stripNpx([first = '', ...rest]: readonly string[]): readonly string[] {
  if (first !== 'npx') return [first, ...rest];
  return (rest[0] === '-y' ? rest.slice(1) : rest).map((found, index) =>
    index === 0 ? found.replace(/@[\d.]+$/, '') : found,
  );
}
