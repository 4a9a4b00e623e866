import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { lexer, walkTokens } from 'marked';
import { describe, expect, it } from 'vitest';
import { readPages, top } from './pages.ts';

const { url } = JSON.parse(readFileSync(join(top, 'package.json'), 'utf8')).repository;
const web = url.replace(/^git\+|\.git$/g, '');

const links = readPages().flatMap(({ path, text }) => {
  const found: string[] = [];
  walkTokens(lexer(text), (token) => {
    if (token.type === 'link' || token.type === 'image') found.push(token.href);
  });
  return found.flatMap((href) => {
    const target = targetOf(href, path);
    return target === undefined ? [] : [{ path, href, target }];
  });
});

/** Where a link leads in this repository, whether it is relative or as npm needs it. */
function targetOf(href: string, path: string): URL | undefined {
  const own = new RegExp(`^${web.replaceAll('.', '[.]')}/(?:blob|tree)/main/`);
  if (own.test(href)) return new URL(href.replace(own, ''), pathToFileURL(`${top}/`));
  return /^[a-z]+:/.test(href) ? undefined : new URL(href, pathToFileURL(join(top, path)));
}

/** The names by which GitHub lets one link to the headings of a page. */
function anchorsOf(page: string): readonly string[] {
  const anchors: string[] = [];
  walkTokens(lexer(readFileSync(page, 'utf8')), (token) => {
    if (token.type !== 'heading') return;
    const plain = token.text.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '');
    anchors.push(`#${plain.trim().replaceAll(' ', '-')}`);
  });
  return anchors;
}

describe('the links of the pages', () => {
  it('are found, those of the packages among them', () => {
    expect(links.map(({ href }) => href)).toEqual(
      expect.arrayContaining([expect.stringContaining(`${web}/blob/main/README.md#options`)]),
    );
  });

  it.each(links)('lead to something: $href in $path', ({ target }) => {
    const file = fileURLToPath(new URL(target.pathname, target));
    expect(existsSync(file), file).toBe(true);
    if (target.hash !== '') expect(anchorsOf(file)).toContain(target.hash);
  });
});
