import type { RunnerName } from '../harness/runners.ts';

/** Names that a shell, a regular expression or Markdown would read as something else. */
const awkwardNames = [
  'adds (up) [to] $5.00 & "more"',
  "isn't `odd`, $HOME $(id) \\d+ !",
  'a|b^c*d?e{1}',
  'two\nlines',
  '</pre><b>bold</b> **strong** 🎉',
  '-t --config',
];

const list = JSON.stringify(awkwardNames);

/** Failing tests with awkward names, each beside a passing one whose name goes on or begins before. */
const many = `
describe('Cart', () => {
  for (const name of ${list}) {
    test(name, () => { note('Cart ' + name); expect(1).toBe(2); });
    test(name + ' too', () => { note('Cart ' + name + ' too'); });
  }
});
describe('Not the Cart', () => {
  for (const name of ${list}) test(name, () => { note('Not the Cart ' + name); });
});
`;
/** A test outside of any block, and one of the same name as a failing one elsewhere. */
const other = `
test('fails on top', () => { note('fails on top'); expect('top').toBe('bottom'); });
test('passes on top', () => { note('passes on top'); });
describe('Cart', () => {
  for (const name of ${list}) test(name, () => { note('other Cart ' + name); });
});
`;

const heads: Readonly<Record<RunnerName, string>> = {
  'node-test':
    "const { describe, test } = require('node:test');\nconst { expect, note } = require('../note.cjs');\n",
  jest: "const { note } = require('../note.cjs');\n",
  vitest:
    "import { describe, expect, test } from 'vitest';\nimport note_ from '../note.cjs';\nconst { note } = note_;\n",
  playwright:
    "import { expect, test } from '@playwright/test';\nimport note_ from '../note.cjs';\nconst { note } = note_;\nconst { describe } = test;\n",
};

/** What fails in the two files below. */
export const failing = [...awkwardNames.map((name) => `Cart ${name}`), 'fails on top'].sort();

/** Two files of tests in a folder whose name is awkward as well. */
export function awkwardFiles(runner: RunnerName): Readonly<Record<string, string>> {
  const ending = runner === 'playwright' ? 'spec.mjs' : runner === 'vitest' ? 'test.mjs' : 'test.js';
  const head = heads[runner];
  return {
    [`it's [my] tests/a.${ending}`]: head + many,
    [`it's [my] tests/b.${ending}`]: head + other,
  };
}

/** A file of tests of which the one in line `line` of its text fails. */
export function fileWith(runner: RunnerName, body: string): Readonly<Record<string, string>> {
  const ending = runner === 'playwright' ? 'spec.mjs' : runner === 'vitest' ? 'test.mjs' : 'test.js';
  return { [`test/a.${ending}`]: heads[runner] + body };
}

export const headLines = (runner: RunnerName): number => heads[runner].split('\n').length - 1;
