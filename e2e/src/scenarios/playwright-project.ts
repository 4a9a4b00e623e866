import type { Fixture } from './fixture.ts';

export const head = `import { expect, test } from '@playwright/test';
import { attempt, note, notPromised, promised, promisedSync } from './probe.cjs';
`;
export const fails = `test('fails', () => { expect(1).toBe(2); });\n`;
export const waits = `test('waits', async () => { await promised('later'); });\n`;
export const passes = `test('passes', () => {});\n`;
export const flaky = `test('flaky', () => { expect(attempt('flaky')).toBe(2); });\n`;
const inOneWorker = 'workers: 1';

/** One file of tests, run by one worker. */
export function file(body: string, rest: Partial<Fixture> = {}): Fixture {
  return { files: { 'a.spec.js': head + body }, config: `{ ${inOneWorker} }`, ...rest };
}

/** Two files, run one after the other by one worker. */
export function files(first: string, second: string, rest: Partial<Fixture> = {}): Fixture {
  return {
    files: { 'a.spec.js': head + first, 'b.spec.js': head + second },
    config: `{ ${inOneWorker} }`,
    ...rest,
  };
}

export const retried = (count: number) => ({ config: `{ ${inOneWorker}, retries: ${count} }` });
export const exitOne = { exit: 1, promised: true } as const;

export const loadsFirst =
  'Playwright loads all files before the first test, and runs none if one does not load.';
