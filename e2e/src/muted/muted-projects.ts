import type { Project } from '../harness/harness.ts';
import type { ConfiguredRunner } from '../harness/runners.ts';

/** A test by its titles, from the outermost block to its own. */
export interface TitledTest {
  readonly titles: readonly string[];
  /** Statements of its body; the probe's functions are in scope. @default one that fails */
  readonly body?: string;
}

/** The first lines of a test file; `top` is the way from its folder to the project's. */
const heads: Readonly<Record<ConfiguredRunner, (top: string) => string>> = {
  jest: (top) => `const { attempt, note, promised } = require('${top}probe.cjs');\n`,
  vitest: (top) =>
    `import { describe, test } from 'vitest';\nimport { attempt, note, promised } from '${top}probe.mjs';\n`,
  playwright: (top) =>
    `import { test } from '@playwright/test';\nimport { attempt, note, promised } from '${top}probe.cjs';\nconst describe = test.describe;\n`,
};

/** What gives every test one retry. */
export const retriedOnce: Readonly<Record<ConfiguredRunner, { config: string; files: Project['files'] }>> = {
  jest: {
    config: `{ setupFilesAfterEnv: ['<rootDir>/retry.cjs'] }`,
    files: { 'retry.cjs': 'jest.retryTimes(1);' },
  },
  vitest: { config: '{ retry: 1 }', files: {} },
  playwright: { config: '{ retries: 1, workers: 1 }', files: {} },
};

/** A body that fails the first time. */
export const flaky = `if (attempt('flaky') === 1) throw new Error('once');`;
export const failing = `throw new Error('no');`;
export const passing = '';
/**
 * Tests that end when the promise has left, and write `seen later` or `late later`. The first is for Vitest before
 * 5: it holds events back for 100 ms, and may then forget to send them until the next test ends (`throttle` in
 * @vitest/runner).
 */
export const waiting: readonly TitledTest[] = [
  { titles: ['Later', 'goes on'], body: 'await new Promise((resolve) => setTimeout(resolve, 200));' },
  { titles: ['Later', 'waits'], body: `await promised('later');` },
];

/** Name of a test file as the runner looks for it. */
export function fileName(runner: ConfiguredRunner, stem: string): string {
  return `${stem}.${runner === 'playwright' ? 'spec' : 'test'}.js`;
}

/** A project of these files, named by stem; each test stands in blocks of its own. */
export function projectOf(
  runner: ConfiguredRunner,
  files: Readonly<Record<string, readonly TitledTest[]>>,
  rest: Partial<Project> = {},
): Project {
  const entries = Object.entries(files).map(([stem, tests]) => {
    const top = `./${'../'.repeat(stem.split('/').length - 1)}`;
    return [fileName(runner, stem), heads[runner](top) + tests.map(writeTest).join('')] as const;
  });
  return { ...rest, files: { ...Object.fromEntries(entries), ...rest.files } };
}

function writeTest({ titles, body = failing }: TitledTest): string {
  const blocks = titles.slice(0, -1).map((title) => `describe(${JSON.stringify(title)}, () => { `);
  const own = `test(${JSON.stringify(titles.at(-1))}, async () => { ${body} });`;
  return `${blocks.join('')}${own}${' });'.repeat(blocks.length)}\n`;
}
