import type { CodeBlock } from './pages.ts';

/** A file for the compiler, made of a code block. */
export interface TypedFile {
  readonly name: string;
  readonly text: string;
}

type ConfigOf = 'jest' | 'vitest' | 'playwright';

/** The types of a runner's configuration, and of ours: what a reporter's options may be, runners leave open. */
interface Types {
  readonly runner: string;
  readonly ours: string;
}

const types: Readonly<Record<ConfigOf, Types>> = {
  jest: { runner: "import('jest').Config", ours: "import('./jest.mts').JestConfig" },
  vitest: { runner: "'vitest/config'", ours: "'./vitest.mts'" },
  playwright: { runner: "'@playwright/test'", ours: "'./playwright.mts'" },
};

const entries = `
type Entry<Name extends string, Options> = Name | [Name] | [Name, Options];
export type Entries<Name extends string, Options> =
  (Entry<'default' | 'list' | 'json' | 'junit', object> | Entry<Name, Options>)[];
export interface Rest { [other: string]: unknown }
`;

/** What the blocks that configure a runner are checked against besides the runner's own types. */
export const ours: readonly TypedFile[] = [
  { name: 'entries.mts', text: entries },
  {
    name: 'jest.mts',
    text: `
import type { JestReporterOptions } from '@promise-failure/jest';
import type { Entries, Rest } from './entries.mts';
export interface JestConfig extends Rest { reporters?: Entries<'@promise-failure/jest', JestReporterOptions> }
`,
  },
  {
    name: 'vitest.mts',
    text: `
import type { VitestReporterOptions } from '@promise-failure/vitest';
import type { Entries, Rest } from './entries.mts';
interface Test extends Rest { reporters?: Entries<'@promise-failure/vitest', VitestReporterOptions> }
export declare function defineConfig(config: Rest & { test?: Test }): unknown;
`,
  },
  {
    name: 'playwright.mts',
    text: `
import type { PlaywrightReporterOptions } from '@promise-failure/playwright';
import type { Entries, Rest } from './entries.mts';
interface Config extends Rest { reporter?: Entries<'@promise-failure/playwright', PlaywrightReporterOptions> }
export declare function defineConfig(config: Config): unknown;
`,
  },
];

/**
 * The block as files to be checked. One that begins with the name of a runner's configuration is checked twice, against
 * the runner's types and against our options. Where it holds lines of a configuration and no whole one, it is taken for
 * what stands between the braces: no other block is added to.
 */
export function typedFiles(block: CodeBlock): readonly TypedFile[] {
  const stem = block.name.replaceAll(/[^\w-]+/g, '_');
  const parts = block.text.split(/^(?=\/\/ (?:jest|vitest|playwright)\.config\.[jt]s\b)/m);
  return parts.flatMap((part, index) => {
    const runner = /^\/\/ (jest|vitest|playwright)\.config\./.exec(part)?.[1] as ConfigOf | undefined;
    const name = `${stem}_${index + 1}`;
    if (runner === undefined) return [{ name: `${name}.m${block.language}`, text: part }];
    return (['runner', 'ours'] as const).map((whose) => configFile(`${name}_${whose}`, part, runner, whose));
  });
}

function configFile(name: string, text: string, runner: ConfigOf, whose: keyof Types): TypedFile {
  const from = types[runner][whose];
  if (runner === 'jest') {
    const whole = text.includes('module.exports') ? text : `module.exports = {\n${text}\n};\n`;
    const untyped = whole.replace(/^\/\*\* @type .*\*\/\n/m, '');
    const typed = untyped.replace(/^module\.exports = \{$/m, `/** @type {${from}} */\nconst config = {`);
    return { name: `${name}.cjs`, text: `${typed}module.exports = config;\n` };
  }
  const whole = text.includes('defineConfig')
    ? text
    : `import { defineConfig } from ${types[runner].runner};\nexport default defineConfig({\n${text}\n});\n`;
  return { name: `${name}.mts`, text: whole.replace(types[runner].runner, from) };
}
