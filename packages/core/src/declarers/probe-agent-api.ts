import type { Env } from '../env.ts';
import { openWay } from '../http/open-way.ts';
import { wordOf } from '../http/word-of.ts';
import { agentApiHeaders } from './agent-api-headers.ts';
import { agentUrl } from './agent-request.ts';

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
  const { BUILDKITE_AGENT_ENDPOINT: endpoint = '' } = env;
  try {
    const status = await ask(env, signal);
    if (status === 401 || status === 403) return { type: 'token refused', status };
    return status >= 200 && status < 300 ? { type: 'open' } : { type: 'unexpected', status };
  } catch (error) {
    return { type: 'unreachable', endpoint, because: wordOf(error) };
  }
}

async function ask(env: Env, signal: AbortSignal): Promise<number> {
  const url = agentUrl(env, 'data/exists');
  const way = await openWay(env, url);
  try {
    const body = JSON.stringify({ key: 'promise-failure' });
    return (await way.ask(url, { method: 'POST', headers: agentApiHeaders(env), body, signal })).status;
  } finally {
    await way.close();
  }
}
