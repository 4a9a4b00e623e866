import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Log } from '../log.ts';
import { createBktecSource } from './bktec-source.ts';
import { readTestEngineAccess } from './test-engine.ts';

const never = new AbortController().signal;
let server: Server;
let folder: string;
let asked: (string | undefined)[];
/** The token that Test Engine takes. */
let right: string;

beforeEach(async () => {
  asked = [];
  folder = mkdtempSync(join(tmpdir(), 'pf-bktec-'));
  server = createServer((request, response) => {
    const token = request.headers.authorization;
    asked.push(token);
    if (token !== `Bearer ${right}`) return void response.writeHead(401).end('{"message":"no"}');
    response.end(JSON.stringify({ tasks: { 0: {} }, muted_tests: [{ scope: 's', name: 'n' }] }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(() => {
  server.close();
  rmSync(folder, { recursive: true, force: true });
});

/** What bktec's child has in its environment, with an agent that exchanges tokens, and what becomes of its list. */
async function load(env: Record<string, string>, agent = 'echo from-agent') {
  const command = join(folder, 'buildkite-agent');
  writeFileSync(command, `#!/bin/sh\necho "$@" > ${join(folder, 'words')}\n${agent}\n`);
  chmodSync(command, 0o755);
  const all = {
    PATH: `${folder}${delimiter}${process.env.PATH}`,
    BUILDKITE_TEST_ENGINE_BASE_URL: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    BUILDKITE_ORGANIZATION_SLUG: 'acme',
    BUILDKITE_BUILD_ID: 'b',
    BUILDKITE_STEP_ID: 's',
    BUILDKITE_AGENT_ACCESS_TOKEN: 'agent',
    ...env,
  };
  const lines: string[] = [];
  const log: Log = { debug: (line) => lines.push(line), info() {}, warn() {}, header() {} };
  const source = createBktecSource(readTestEngineAccess('web', all), all, log);
  const outcome = await source.load(never).then(
    (entries) => entries.length,
    (error: Error) => error.message,
  );
  return { outcome, lines: lines.join('\n') };
}

describe('the muted tests of bktec', () => {
  it('are read with the token that bktec hands to the runner', async () => {
    right = 'handed-on';
    const { outcome, lines } = await load({ BUILDKITE_ANALYTICS_TOKEN: 'handed-on' });
    expect(outcome).toBe(1);
    expect(lines).toContain('read with BUILDKITE_ANALYTICS_TOKEN');
    expect(lines).not.toContain('handed-on');
  });

  it('are read with a token of the agent where that is one for uploads only', async () => {
    right = 'from-agent';
    const { outcome, lines } = await load({ BUILDKITE_ANALYTICS_TOKEN: 'upload' });
    expect(outcome).toBe(1);
    expect(asked).toEqual(['Bearer upload', 'Bearer from-agent']);
    expect(lines).toContain('read with buildkite-agent oidc request-token');
    expect(readFileSync(join(folder, 'words'), 'utf8')).toMatch(
      /^oidc request-token --audience http:\S+\/v2\/analytics\/organizations\/acme\/suites\/web --lifetime 300\n$/,
    );
  });

  it('are read with an API token alone where there is one', async () => {
    right = 'from-agent';
    const { outcome } = await load({ BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN: 'api' });
    expect([outcome, asked]).toEqual([expect.stringContaining('401'), ['Bearer api']]);
  });

  it('cannot be had where nobody gives a token, and say what to do', async () => {
    expect((await load({}, 'echo no policy for this suite >&2; exit 1')).outcome).toMatch(
      /no API token: set .+; the agent gave none: no policy for this suite/,
    );
    expect((await load({ BUILDKITE_TEST_ENGINE_OIDC: 'false' })).outcome).toMatch(/no API token/);
  });
});
