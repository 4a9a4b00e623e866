import type { Env } from '../env.ts';
import { openDispatcher } from '../http/open-dispatcher.ts';
import { loadUndici } from '../packages.ts';
import { agentApiHeaders } from './agent-api-headers.ts';

/** What stands between a job and the Agent API; `open` for nothing. */
export type AgentApiProbe =
  | { readonly type: 'open' }
  | { readonly type: 'unset'; readonly missing: readonly string[] }
  | { readonly type: 'unreachable'; readonly endpoint: string; readonly because: string }
  | { readonly type: 'token refused' | 'unexpected'; readonly status: number };

const variables = ['BUILDKITE_JOB_ID', 'BUILDKITE_AGENT_ENDPOINT', 'BUILDKITE_AGENT_ACCESS_TOKEN'] as const;

/**
 * Tries endpoint and token by asking whether a key of the build's meta-data exists, which changes nothing.
 * Never rejects. Source: buildkite/agent api/meta_data.go.
 */
export async function probeAgentApi(env: Env, signal: AbortSignal): Promise<AgentApiProbe> {
  const missing = variables.filter((name) => !env[name]);
  if (missing.length > 0) return { type: 'unset', missing };
  const { BUILDKITE_AGENT_ENDPOINT: endpoint = '', BUILDKITE_JOB_ID: job = '' } = env;
  try {
    const status = await ask(env, endpoint, job, signal);
    if (status === 401 || status === 403) return { type: 'token refused', status };
    return status >= 200 && status < 300 ? { type: 'open' } : { type: 'unexpected', status };
  } catch (error) {
    const { code, message, name } = error as NodeJS.ErrnoException;
    return { type: 'unreachable', endpoint, because: code ?? (message || name) };
  }
}

async function ask(env: Env, endpoint: string, job: string, signal: AbortSignal): Promise<number> {
  const { request } = await loadUndici();
  const id = encodeURIComponent(job).replaceAll('.', '%2E');
  const url = new URL(`${endpoint.replace(/\/+$/, '')}/jobs/${id}/data/exists`);
  const dispatcher = await openDispatcher(env, url);
  try {
    const { statusCode, body } = await request(url, {
      ...{ method: 'POST', headers: agentApiHeaders(env), dispatcher, signal },
      body: JSON.stringify({ key: 'promise-failure' }),
    });
    await body.dump();
    return statusCode;
  } finally {
    await dispatcher.destroy();
  }
}
