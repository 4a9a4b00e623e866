import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Env } from '../env.ts';
import { isDeclarerUnavailable } from '../http/errors.ts';
import { createAgentCommand } from './agent-command.ts';

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'pf-command-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const ever = new AbortController().signal;
const request = { exitStatus: 3, reason: '-- "1 failed" $(rm) \u0000 \'x\'' };

/** Puts a shell script in the place of the agent. */
function agent(script: string, over: Env = {}): Env {
  const path = join(folder, 'buildkite-agent');
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
  return {
    ...{ PATH: process.env.PATH, BUILDKITE_BIN_PATH: folder },
    ...{ BUILDKITE_JOB_ID: 'job', BUILDKITE_AGENT_ACCESS_TOKEN: 'bkjt_secret' },
    ...over,
  };
}

const declare = (env: Env, signal = ever) => createAgentCommand(env).declare(request, signal);

describe('the command', () => {
  it('gets the status and the reason as they are, and the token by its environment alone', async () => {
    const out = join(folder, 'out');
    const env = agent(
      `printf '%s\\n' "$@" > ${out}; printf '%s' "$BUILDKITE_AGENT_ACCESS_TOKEN" > ${out}.token`,
    );
    expect(await declare(env)).toEqual({ accepted: true, outcome: 'declared' });
    expect(readFileSync(out, 'utf8')).toBe(`job\npromise-failure\n3\n--reason=-- "1 failed" $(rm)  'x'\n`);
    expect(readFileSync(`${out}.token`, 'utf8')).toBe('bkjt_secret');
  });

  it.each([
    ['fatal: a different promised exit status has already been declared for this job', 'terminal', 409],
    ['fatal: the job is no longer running and cannot accept a promised failure', 'terminal', 422],
    ['fatal: failed to declare promised job failure: PUT https://x/y: 404 Not Found: no', 'terminal', 404],
    [
      'fatal: failed to declare promised job failure: PUT https://x/y: 503 Service Unavailable: no',
      'transient',
      503,
    ],
    [
      'fatal: failed to declare promised job failure: PUT https://x/y: dial tcp: refused',
      'unknown',
      undefined,
    ],
    ['fatal: something new', 'unknown', undefined],
  ] as const)('ends with "%s": %s', async (text, verdict, upstreamStatus) => {
    const env = agent(`printf 'INFO noise\\n\\033[31mbuildkite-agent: ${text}\\033[0m\\n' >&2; exit 1`);
    expect(await declare(env)).toEqual({
      ...{ accepted: false, outcome: 'declared', verdict, message: `buildkite-agent: ${text}` },
      ...(upstreamStatus && { upstreamStatus }),
    });
  });

  it('ends without a word: unknown', async () => {
    expect(await declare(agent('exit 1'))).toMatchObject({ verdict: 'unknown', message: 'it ended with 1' });
  });

  it('is killed by somebody: unknown', async () => {
    expect(await declare(agent('kill -9 $$'))).toMatchObject({ verdict: 'unknown' });
  });

  it('keeps only the end of what it says', async () => {
    const env = agent(
      'head -c 300000 /dev/zero | tr "\\\\0" x >&2; echo >&2; echo "buildkite-agent: end" >&2; exit 1',
    );
    expect(await declare(env)).toMatchObject({ message: 'buildkite-agent: end' });
  });

  it('is killed by an abort', async () => {
    const controller = new AbortController();
    const running = declare(agent('exec sleep 60'), controller.signal);
    const reason = new Error('over');
    setTimeout(() => controller.abort(reason), 100);
    await expect(running).rejects.toBe(reason);
  });
});

describe('the command is unavailable', () => {
  it.each([
    [
      'where there is none',
      (env: Env) => ({ ...env, PATH: folder, BUILDKITE_BIN_PATH: '/nowhere' }),
      'rm "$0"',
    ],
    ['outside a job', (env: Env) => ({ ...env, BUILDKITE_JOB_ID: '' }), 'exit 0'],
    ['without a token', (env: Env) => ({ ...env, BUILDKITE_AGENT_ACCESS_TOKEN: undefined }), 'exit 0'],
    [
      'when the agent is too old',
      (env: Env) => env,
      'echo "No help topic for \'promise-failure\'" >&2; exit 3',
    ],
  ])('%s', async (_, change, script) => {
    const env = agent(script);
    if (script.startsWith('rm')) rmSync(join(folder, 'buildkite-agent'));
    const error = await declare(change(env)).catch((caught: unknown) => caught);
    expect(isDeclarerUnavailable(error)).toBe(true);
  });

  it('when a wrapper in its place finds nothing to run', async () => {
    const error = await declare(agent(`echo 'docker: not found' >&2; exit 127`)).catch(
      (error: unknown) => error,
    );
    expect(isDeclarerUnavailable(error)).toBe(true);
    expect(String(error)).toContain('it cannot be run: docker: not found');
  });

  it('when it may not be run', async () => {
    const env = agent('exit 0');
    chmodSync(join(folder, 'buildkite-agent'), 0o644);
    const error = await declare(env).catch((caught: unknown) => caught);
    expect(isDeclarerUnavailable(error)).toBe(true);
  });
});
