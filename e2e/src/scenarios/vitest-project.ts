import type { Fixture } from './fixture.ts';

export const head = `import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { attempt, note, notPromised, promised } from './probe.mjs';
const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
`;
export const passes = `test('passes', () => {});\n`;
export const fails = `test('fails', () => { expect(1).toBe(2); });\n`;
/**
 * The pause is for Vitest before 5: it holds events back for 100 ms, and may then forget to send them until the
 * next test ends (\`throttle\` in @vitest/runner).
 */
export const waits = `test('goes on', () => wait(200));
test('waits', async () => { await promised('later'); }, 20_000);\n`;
export const early = `test('looks', () => { notPromised('before'); });\n`;
export const flaky = `test('flaky', () => { expect(attempt('flaky')).toBe(2); });\n`;

/** Class of a sequencer: Vitest runs the biggest file first, and picks a shard by the hash of paths. */
const byName = `class {
  constructor(vitest) { this.vitest = vitest; }
  sort(files) { return [...files].sort((a, b) => (a.moduleId < b.moduleId ? -1 : 1)); }
  shard(files) {
    const { index, count } = this.vitest.config.shard;
    return this.sort(files).filter((_, i) => i % count === index - 1);
  }
}`;
export const oneByOne = `fileParallelism: false, sequence: { sequencer: ${byName} }`;

/** One file of tests. */
export function file(body: string, rest: Partial<Fixture> = {}): Fixture {
  return { files: { 'a.test.js': head + body }, ...rest };
}

/** Two files, one after the other, and extra files as they are. */
export function files(first: string, second: string, extra: Fixture['files'] = {}, config = ''): Fixture {
  return {
    files: { 'a.test.js': first, 'b.test.js': head + second, ...extra },
    config: `{ ${oneByOne}, ${config} }`,
  };
}

/** One file of tests with a configuration. */
export function configured(config: string, body: string, rest: Partial<Fixture> = {}): Fixture {
  return file(body, { config: `{ ${config} }`, ...rest });
}
