import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Token, Tokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { type Page, readPages, top } from './pages.ts';

const manifest = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8'));
const [, name] = /github[.]com\/(.+?)(?:[.]git)?$/.exec(manifest.repository.url) ?? [];

/** Where a page on npm finds the repository. */
const repository = new RegExp(
  `^https://(?:github[.]com|raw[.]githubusercontent[.]com)/${name}/(?:(?:blob|tree|raw)/)?main/`,
);

/** Paths and anchors that a page names, and that lead nowhere. */
function deadLinks(page: Page, pages: readonly Page[]): readonly string[] {
  return page.tokens.filter(isLink).flatMap(({ href }) => {
    const isOwn = repository.test(href);
    if (/^[a-z]+:/.test(href) && !isOwn) return [];
    const [path = '', anchor] = href.replace(repository, '').split('#');
    const target = path === '' ? page.path : join(isOwn ? '.' : dirname(page.path), path);
    if (!existsSync(join(top, target))) return [`${page.path}: ${href}: there is no ${target}`];
    const found = pages.find((other) => other.path === target);
    if (anchor === undefined || (found !== undefined && anchorsOf(found).includes(anchor))) return [];
    return [`${page.path}: ${href}: ${target} has no such heading`];
  });
}

function isLink(token: Token): token is Tokens.Link | Tokens.Image {
  return token.type === 'link' || token.type === 'image';
}

/** As GitHub makes them of a heading's text. */
function anchorsOf({ tokens }: Page): readonly string[] {
  const headings = tokens.filter((token): token is Tokens.Heading => token.type === 'heading');
  return headings.map(({ text }) =>
    text
      .replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1')
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('the links of the pages', () => {
  const pages = readPages();

  it('lead somewhere', () => {
    expect(pages.flatMap(({ tokens }) => tokens.filter(isLink)).length).toBeGreaterThan(50);
    expect(pages.flatMap((page) => deadLinks(page, pages))).toEqual([]);
  });

  it.each([
    ['docs/mutted-tests.md', 'there is no docs/mutted-tests.md'],
    ['docs/muted-tests.md#under-bktek', 'no such heading'],
    ['#use-itt', 'no such heading'],
    ['LICENSE#mit', 'no such heading'],
    [
      'https://github.com/promise-failure/promise-failure/blob/main/docs/doctr.md',
      'there is no docs/doctr.md',
    ],
  ])('are refused where they lead nowhere: %s', (href, says) => {
    const readme = pages.find(({ path }) => path === 'README.md') as Page;
    const page = { ...readme, tokens: [...readme.tokens, { type: 'link', href } as Token] };
    expect(deadLinks(page, pages)).toEqual([expect.stringContaining(says)]);
  });
});
