import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { readCodeBlocks } from './pages.ts';

const blocks = readCodeBlocks();
const of = (language: string) =>
  blocks.filter((block) => block.language === language).map(({ name, text }) => [name, text] as const);

describe('the code blocks of the pages', () => {
  it('are of languages that are checked, or text', () => {
    const languages = new Set(blocks.map(({ language }) => language));
    expect([...languages].sort()).toEqual(['console', 'js', 'json', 'sh', 'text', 'ts', 'yaml']);
  });

  it.each(of('yaml'))('can be read as YAML: %s', (_name, text) => {
    expect(parse(text)).toBeTypeOf('object');
  });

  it.each(of('json'))('can be read as JSON: %s', (_name, text) => {
    expect(JSON.parse(text)).toBeTypeOf('object');
  });

  it.each(of('sh'))('can be read by bash: %s', (_name, text) => {
    expect(() => execFileSync('bash', ['-n'], { input: text, stdio: 'pipe' })).not.toThrow();
  });
});
