import { satisfies } from 'semver';
import { testedRunner } from '../harness/target.ts';
import type { Fixture } from './fixture.ts';

export const head = `const { attempt, note, notPromised, promised, promisedSync, runAgain } = require('./probe.cjs');
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;
export const passes = `test('passes', () => {});\n`;
export const fails = `test('fails', () => { expect(1).toBe(2); });\n`;
export const failsLast = `test('fails', () => { notPromised('before the last attempt'); expect(1).toBe(2); });\n`;
export const early = `test('looks', () => { notPromised('before'); });\n`;
export const waits = `test('waits', async () => { await promised('later'); }, 20_000);\n`;
export const flaky = `test('flaky', () => { notPromised('in flaky'); expect(attempt('flaky')).toBe(2); });\n`;
export const retry = (count: number, options = '{}') => `jest.retryTimes(${count}, ${options});\n`;

const { version } = testedRunner('jest');
/** `jest.retryTimes(n, { entireDescribe: true })` */
export const retriesBlocks = satisfies(version, '>=30.5');

/** Jest runs the biggest file first, and picks a shard by the hash of paths. */
const sequencer = `module.exports = class {
  sort(tests) { return [...tests].sort((a, b) => (a.path < b.path ? -1 : 1)); }
  shard(tests, { shardIndex, shardCount }) {
    return this.sort(tests).filter((_, i) => i % shardCount === shardIndex - 1);
  }
  allFailedTests(tests) { return tests; }
  cacheResults() {}
};`;
const common = `cacheDirectory: './.cache', testSequencer: './sequencer.cjs'`;
export const inBand = `maxWorkers: 1, ${common}`;
export const inWorkers = `maxWorkers: 2, ${common}`;

/** Files as they are, in one process, one after the other. */
export function project(list: Fixture['files'], rest: Partial<Fixture> = {}): Fixture {
  return { files: { 'sequencer.cjs': sequencer, ...list }, config: `{ ${inBand} }`, ...rest };
}

/** One file of tests. */
export function file(body: string, rest: Partial<Fixture> = {}): Fixture {
  return project({ 'a.test.js': head + body }, rest);
}

/** One file of tests, of which one has failed for good before the next test starts. */
export function settles(body: string, rest: Partial<Fixture> = {}): Fixture {
  return file(body + waits, rest);
}

/** The same; before Jest 30 this failure is told with the result of its file. */
export function settlesSince30(body: string): Fixture {
  return satisfies(version, '>=30') ? settles(body) : files(body, waits);
}

/** The same, with workers: Jest starts them for two files and more. */
export function settlesInWorker(body: string): Fixture {
  return project({ 'a.test.js': head + body + waits, 'b.test.js': passes }, { config: `{ ${inWorkers} }` });
}

/** Two files, one after the other, and extra files as they are. */
export function files(first: string, second: string, rest: Partial<Fixture> = {}): Fixture {
  return project({ 'a.test.js': head + first, 'b.test.js': head + second }, rest);
}

/** One file of tests with a configuration, and extra files as they are. */
export function configured(config: string, body: string, extra: Fixture['files'] = {}): Fixture {
  return project({ 'a.test.js': head + body, ...extra }, { config: `{ ${inBand}, ${config} }` });
}
