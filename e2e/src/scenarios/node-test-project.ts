import type { Fixture } from './fixture.ts';

export const head = `const { after, afterEach, before, beforeEach, describe, test } = require('node:test');
const { attempt, note, notPromised, promised } = require('./probe.cjs');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
const no = () => { throw new Error('no'); };
`;
export const passes = `test('passes', () => {});\n`;
export const fails = `test('fails', no);\n`;
export const waits = `test('waits', async () => { await promised('later'); });\n`;
export const early = `test('looks', () => { notPromised('before'); });\n`;
/** A failure that does not count. */
export const forgiven = `test('is to be done', { todo: true }, no);\n`;

const shown = ['--test-reporter=spec', '--test-reporter-destination=stdout'];
export const oneByOne = '--test-concurrency=1';

/** One file of tests. */
export function file(body: string, rest: Partial<Fixture> = {}): Fixture {
  return { files: { 'a.test.js': head + body }, ...rest };
}

/** Two files, one after the other. */
export function files(first: string, second: string): Fixture {
  return { files: { 'a.test.js': first, 'b.test.js': head + second }, args: [oneByOne] };
}

/** Arguments that run a file without `--test`: it reports for itself. */
export function ownProgram(path: string): readonly string[] {
  return [...shown, path];
}

/** One file of tests that reports for itself. */
export function program(body: string, rest: Partial<Fixture> = {}): Fixture {
  return file(body, { command: ownProgram('a.test.js'), ...rest });
}
