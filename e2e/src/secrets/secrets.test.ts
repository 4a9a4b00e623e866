import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type Project, runProject } from '../harness/harness.ts';
import type { Agent } from '../harness/job.ts';
import type { RunnerName } from '../harness/runners.ts';
import { testedRunner } from '../harness/target.ts';

let temp: string;
beforeEach(() => {
  temp = mkdtempSync(join(tmpdir(), 'pf-secrets-'));
});
afterEach(() => rmSync(temp, { recursive: true, force: true }));

const secrets = {
  SHOP_PASSWORD: 'hunter2-and-more',
  SHOP_PRIVATE_KEY: '-----BEGIN KEY-----\nMIIBVQIBADANBg\nkqhkiG9w0BAQEF\n-----END KEY-----',
  SHOP_API_KEY: 'quote"and\\slash',
};
/** What must not be seen again, whole or in the lines of it. */
const pieces = ['hunter2-and-more', 'MIIBVQIBADANBg', 'kqhkiG9w0BAQEF', 'quote"and', 'quote\\"and'];

/** Two failing tests with secrets in the names and errors of both. */
function source(imports: string): string {
  const list = JSON.stringify(Object.values(secrets));
  return `${imports}
const [password, key, apiKey] = ${list};
test.describe ??= globalThis.describe;
test.describe('with ' + password, () => {
  test('shows ' + key, () => { throw new Error('cannot log in with ' + password + ' and ' + key); });
  test('shows ' + apiKey, () => { throw new Error('cannot log in with ' + JSON.stringify(apiKey)); });
});
`;
}

const projects: Readonly<Record<RunnerName, Project>> = {
  jest: { files: { 'a.test.js': source('') } },
  vitest: {
    files: {
      'a.test.mjs': source("import { describe, test } from 'vitest';\nglobalThis.describe = describe;"),
    },
  },
  playwright: { files: { 'a.spec.mjs': source("import { test } from '@playwright/test';") } },
  'node-test': { files: { 'a.test.js': source("const { describe, test } = require('node:test');") } },
};

function filesBelow(folder: string): readonly string[] {
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

const ways: Readonly<Record<string, Agent>> = {
  'the Job API': {},
  'the Agent API': { jobApi: false, agentApi: { faults: [{ status: 503 }] } },
};

it.each(
  (['jest', 'vitest', 'playwright', 'node-test'] as const).flatMap((runner) =>
    Object.entries(ways).map(([way, agent]) => ({ runner, way, agent })),
  ),
)('no secret of a $runner run leaves by $way, the log or a file', async ({ runner, agent }) => {
  const tokens: string[] = [];
  const prepare: Agent['prepare'] = async (job) => {
    tokens.push(job.jobApi?.token ?? '', job.env.BUILDKITE_AGENT_ACCESS_TOKEN ?? '');
    return {};
  };
  const env = {
    ...{ ...secrets, TMPDIR: temp, PROMISE_FAILURE_DEBUG: 'true' },
    ...{ PROMISE_FAILURE_THRESHOLD: '2', PROMISE_FAILURE_DRAIN_TIMEOUT_MS: '30000' },
    ...{ PROMISE_FAILURE_ANNOTATE: 'true', PROMISE_FAILURE_EVIDENCE: join(temp, 'evidence.json') },
  };
  const { setup } = testedRunner(runner);
  const run = await runProject(
    { ...projects[runner], env },
    { ...setup, waitMs: 0, agent: { ...agent, prepare } },
  );
  expect(run.promises).toMatchObject([{ reason: expect.stringContaining('[REDACTED]') }]);

  const ours = run.stderr.split('\n').filter((line) => line.includes('promise-failure'));
  const stored = filesBelow(temp).filter((path) => path.includes('promise-failure'));
  expect(stored.length).toBeGreaterThan(0);
  expect(run.calls.some(({ path }) => path.endsWith('/annotations'))).toBe(true);
  const evidence = readFileSync(join(temp, 'evidence.json'), 'utf8');
  expect(JSON.parse(evidence).tests).toHaveLength(2);
  const told = [
    evidence,
    ...run.calls.map(({ body }) => body),
    ...ours,
    ...stored.map((path) => readFileSync(path, 'utf8')),
  ];
  const known = [...pieces, ...tokens.filter((token) => token !== '')];
  expect(known.filter((secret) => told.some((text) => text.includes(secret)))).toEqual([]);
  for (const path of stored) expect(statSync(path).mode & 0o077).toBe(0);
});
