import { describe, expect, it } from 'vitest';
import { escapeHtml, escapeMarkdown } from './escape.ts';

/** What a browser makes of character references. */
const decode = (text: string) =>
  text.replaceAll(/&#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code)));

describe('escapeMarkdown', () => {
  it('leaves nothing that means something, and every character readable', () => {
    const all = Array.from({ length: 95 }, (_, code) => String.fromCharCode(32 + code)).join('');
    const escaped = escapeMarkdown(`${all} ümläut 日本語 🎉`);
    expect(decode(escaped)).toBe(`${all} ümläut 日本語 🎉`);
    expect(escaped.replaceAll(/&#\d+;/g, '')).not.toMatch(/[^\p{L}\p{N}\p{S}\p{M} ,()/-]|[$+<=>^`|~]/u);
  });
});

describe('escapeHtml', () => {
  it('lets nothing end the element around it', () => {
    expect(escapeHtml('</pre><b>&amp;"\'')).toBe('&#60;/pre&#62;&#60;b&#62;&#38;amp;&#34;&#39;');
  });
});
