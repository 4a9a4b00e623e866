import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runScript } from './child.ts';

/** As a resolver that nobody answers: each look-up takes 15 s. */
const shim = `
#include <unistd.h>
#include <netdb.h>
int getaddrinfo(const char *node, const char *service, const struct addrinfo *hints, struct addrinfo **found) {
  sleep(15);
  return EAI_AGAIN;
}`;

const mayCompile = spawnSync('cc', ['--version']).status === 0 && process.platform === 'linux';

describe.runIf(mayCompile)('a resolver that does not answer', { timeout: 60_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'pf-dns-'));
  const library = join(folder, 'slow.so');
  beforeAll(() => {
    writeFileSync(join(folder, 'slow.c'), shim);
    spawnSync('cc', ['-shared', '-fPIC', '-o', library, join(folder, 'slow.c')]);
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const job = {
    PROMISE_FAILURE: 'true',
    BUILDKITE_JOB_ID: 'job',
    BUILDKITE_AGENT_ACCESS_TOKEN: 'token-of-the-job',
    TMPDIR: folder,
  };
  const agentApi = { ...job, BUILDKITE_AGENT_ENDPOINT: 'https://agent.invalid/v3' };

  it.each<[string, Record<string, string>]>([
    ['the Agent API', agentApi],
    ['a proxy', { ...agentApi, https_proxy: 'http://proxy.invalid:3128' }],
    [
      'the list of muted tests',
      {
        ...job,
        BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web',
        BUILDKITE_ORGANIZATION_SLUG: 'acme',
        BUILDKITE_TEST_ENGINE_BASE_URL: 'https://api.invalid',
        BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN: 'token-of-the-api',
      },
    ],
  ])('of %s holds up the end of the run for no longer than the drain timeout', async (_what, env) => {
    for (const end of ['await session.close();', 'process.exit(0);']) {
      const outcome = await runScript(
        `const session = open({ drainTimeoutMs: 1500 });
         session.attemptFinished(failed('a'));
         await new Promise((resolve) => setTimeout(resolve, 500));
         ${end}`,
        { ...env, PATH: folder, LD_PRELOAD: library },
      );
      expect(outcome.code).toBe(0);
      expect(outcome.ms).toBeLessThan(5000);
    }
  });
});
