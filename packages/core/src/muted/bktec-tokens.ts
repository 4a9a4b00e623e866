import { execFile } from 'node:child_process';
import { delimiter } from 'node:path';
import { promisify } from 'node:util';
import type { Env } from '../env.ts';
import { suiteUrl, type TestEngineAccess, tokenAdvice } from './test-engine.ts';

/** A token for bktec's plan, and where it comes from, for people. */
export interface BktecToken {
  readonly from: string;
  /** Rejects where it cannot be had. */
  readonly get: (signal: AbortSignal) => Promise<string>;
}

/** A token for one list; the agent answers within a second or not at all. */
const lifetimeS = 300;
const agentTimeoutMs = 15_000;

/**
 * The tokens to try, in order, as bktec has them: an API token, the one it hands to the runner, and one that the agent
 * exchanges for the job's identity, which is bktec's default and leaves no API token in the step.
 * Source: buildkite/test-engine-client internal/config/validate.go.
 */
export function bktecTokens(access: TestEngineAccess, env: Env): readonly BktecToken[] {
  const { token, handedOn } = access;
  if (token !== undefined) return [{ from: 'the API token', get: async () => token }];
  const tokens: BktecToken[] = [];
  if (handedOn !== undefined) tokens.push({ from: 'BUILDKITE_ANALYTICS_TOKEN', get: async () => handedOn });
  if (env.BUILDKITE_TEST_ENGINE_OIDC !== 'false' && env.BUILDKITE_AGENT_ACCESS_TOKEN) {
    tokens.push({
      from: 'buildkite-agent oidc request-token',
      get: (signal) => requestToken(access, env, signal),
    });
  }
  return tokens;
}

async function requestToken(access: TestEngineAccess, env: Env, signal: AbortSignal): Promise<string> {
  const audience = suiteUrl(access, '').replace(/\/$/, '');
  const path = [env.PATH, env.BUILDKITE_BIN_PATH].filter(Boolean).join(delimiter);
  const options = {
    env: { ...env, PATH: path },
    timeout: agentTimeoutMs,
    killSignal: 'SIGKILL',
    signal,
  } as const;
  const words = ['oidc', 'request-token', '--audience', audience, '--lifetime', String(lifetimeS)];
  try {
    return (await promisify(execFile)('buildkite-agent', words, options)).stdout.trim();
  } catch (error) {
    const { stderr, message } = error as Error & { stderr?: string };
    throw new Error(`${tokenAdvice}; the agent gave none: ${(stderr || message).trim().split('\n').at(-1)}`);
  }
}
