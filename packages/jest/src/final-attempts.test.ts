import { createHash } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import {
  appendFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestCaseResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FinalAttempts, removeLeftBehind } from './final-attempts.ts';

const env: NodeJS.ProcessEnv = {};
let finals: FinalAttempts;
let path: string;
beforeEach(() => {
  finals = new FinalAttempts();
  finals.open(env);
  path = env.PROMISE_FAILURE_JEST_FINAL ?? '';
});
afterEach(() => finals.close(env));

const attempt = (invocations: number) =>
  ({ invocations, ancestorTitles: ['Checkout'], title: 'päys' }) as unknown as TestCaseResult;
const line = (invocations: number) =>
  `${createHash('sha256')
    .update(JSON.stringify(['/a.test.js', invocations, 'Checkout', 'päys']))
    .digest('hex')}\n`;

it('knows nothing before a worker has spoken, and makes no file', () => {
  expect(finals.has('/a.test.js', attempt(1))).toBe(false);
  expect(existsSync(path)).toBe(false);
});

it('knows the attempts that workers have named, each once', () => {
  appendFileSync(path, line(2));
  expect(finals.has('/a.test.js', attempt(1))).toBe(false);
  expect(finals.has('/b.test.js', attempt(2))).toBe(false);
  expect(finals.has('/a.test.js', attempt(2))).toBe(true);
  expect(finals.has('/a.test.js', attempt(2))).toBe(false);
  appendFileSync(path, line(2));
  expect(finals.has('/a.test.js', attempt(2))).toBe(true);
});

it('waits for the rest of a line', () => {
  const bytes = Buffer.from(line(1) + line(2));
  const cut = bytes.length - 30;
  appendFileSync(path, bytes.subarray(0, cut));
  expect(finals.has('/a.test.js', attempt(2))).toBe(false);
  expect(finals.has('/a.test.js', attempt(1))).toBe(true);
  appendFileSync(path, bytes.subarray(cut));
  expect(finals.has('/a.test.js', attempt(2))).toBe(true);
});

it('hears of failures in this process while it is open', () => {
  const heard: string[] = [];
  const listening = new FinalAttempts(() => heard.push('likely'));
  const likely = channel('promise-failure:jest:failure-likely');
  likely.publish(undefined);
  listening.open({});
  likely.publish(undefined);
  expect(heard).toEqual(['likely']);
  listening.close({});
  likely.publish(undefined);
  expect(heard).toEqual(['likely']);
});

it('leaves neither the file nor the variable behind', () => {
  appendFileSync(path, line(1));
  finals.has('/a.test.js', attempt(1));
  finals.close(env);
  expect(existsSync(path)).toBe(false);
  expect(env).toEqual({});
});

it("adds its set-up file before the user's own, once", () => {
  const config = { setupFilesAfterEnv: ['/own.js'] } as unknown as Config.ProjectConfig;
  finals.follow(config);
  finals.follow(config);
  expect(config.setupFilesAfterEnv).toEqual([expect.stringMatching(/in-worker\/set-up\.cjs$/), '/own.js']);
});

it('removes what runs that were killed have left behind a day ago, and nothing else', () => {
  const folder = mkdtempSync(join(tmpdir(), 'pf-left-'));
  const twoDaysAgo = Date.now() / 1000 - 2 * 24 * 60 * 60;
  for (const [name, old] of [
    ['promise-failure-jest-killed', true],
    ['promise-failure-jest-running', false],
    ['notes-of-somebody', true],
  ] as const) {
    writeFileSync(join(folder, name), '');
    if (old) utimesSync(join(folder, name), twoDaysAgo, twoDaysAgo);
  }
  removeLeftBehind(folder);
  expect(readdirSync(folder).sort()).toEqual(['notes-of-somebody', 'promise-failure-jest-running']);
  rmSync(folder, { recursive: true });
  expect(() => removeLeftBehind(folder)).not.toThrow();
});
