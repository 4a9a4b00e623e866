import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lexer, type Token } from 'marked';
import { describe, expect, it } from 'vitest';
import { top } from './pages.ts';

const read = (...path: string[]) => readFileSync(join(top, ...path), 'utf8');

/** What a README is made of from the top, spaces left out. */
const partsOf = (...path: string[]) => lexer(read(...path)).filter(({ type }) => type !== 'space');
const codeOf = (parts: readonly Token[]): string[] =>
  parts.flatMap((part) => (part.type === 'code' ? [part.text] : []));

const reporters = readdirSync(join(top, 'packages'))
  .map((folder) => ({ folder, ...JSON.parse(read('packages', folder, 'package.json')) }))
  .filter(({ description }) => description.startsWith('Reporter for'))
  .map(({ folder, name }): [string, string] => [folder, name]);

function expectInstallConfigStep([install, config, step]: readonly string[], name: string): void {
  const commands = install?.split('\n').map((line) => line.replace(/ +#.*/, ''));
  expect(commands).toEqual([
    `npm install --save-dev ${name}`,
    `pnpm add --save-dev ${name}`,
    `yarn add --dev ${name}`,
  ]);
  expect(config).toContain(name);
  expect(step).toContain('command:');
  expect(step).toContain('PROMISE_FAILURE: "true"');
}

describe('the README', () => {
  it('of each reporter is found', () => {
    const names = reporters.map(([, name]) => name);
    const runners = ['@promise-failure/jest', '@promise-failure/vitest', '@promise-failure/playwright'];
    expect(names).toEqual(expect.arrayContaining(runners));
  });

  it.each(reporters)(
    'of %s begins with a sentence, the installation, the configuration and the step',
    (folder, name) => {
      const parts = partsOf('packages', folder, 'README.md');
      expect(parts.slice(0, 3).map(({ type }) => type)).toEqual(['heading', 'paragraph', 'code']);
      expectInstallConfigStep(codeOf(parts), name);
    },
  );

  it('of the repository begins with what it is, the two commands, the pictures and how to use it', () => {
    const parts = partsOf('README.md');
    const use = parts.findIndex(({ raw }) => raw.startsWith('## '));
    const [title, sentences, ...above] = parts.slice(0, use);
    expect(title?.raw.trim()).toBe('# promise-failure');
    expect(sentences?.type).toBe('paragraph');
    const commands = above.findIndex(({ type }) => type === 'code');
    const npx = codeOf(above).map((text) => text.match(/^npx .*?(?= {2})/gm));
    expect(npx).toEqual([['npx -y pnpm@12 demo', 'npx -y pnpm@12 test']]);
    const pictures = above.slice(commands).filter(({ raw }) => raw.startsWith('!['));
    expect(pictures).toHaveLength(2);
    expect(parts[use]?.raw.trim()).toBe('## Use it');
    expectInstallConfigStep(codeOf(parts.slice(use)), '@promise-failure/jest');
  });
});
