import { createHash } from 'node:crypto';
import { appendFileSync, existsSync } from 'node:fs';
import type { TestCaseResult } from '@jest/test-result';
import type { Config } from '@jest/types';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FinalAttempts } from './final-attempts.ts';

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
  expect(config.setupFilesAfterEnv).toEqual([expect.stringMatching(/in-worker\.cjs$/), '/own.js']);
});
