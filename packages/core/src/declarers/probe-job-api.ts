import { fs } from '../builtins.ts';
import type { Env } from '../env.ts';
import { wordOf } from '../http/word-of.ts';

/** What stands between a job and its Job API; `open` for nothing. */
export type JobApiProbe =
  | { readonly type: 'open' }
  /** Neither variable, or one of the two. */
  | { readonly type: 'unset'; readonly missing: readonly string[] }
  /** The variables name a socket that is not there, as in a container into which it is not mounted. */
  | { readonly type: 'absent' | 'no socket'; readonly socket: string }
  | { readonly type: 'unreachable'; readonly socket: string; readonly because: string }
  | { readonly type: 'token refused' }
  /** An agent older than 3.130.0. */
  | { readonly type: 'too old' }
  | { readonly type: 'unexpected'; readonly status: number };

const variables = ['BUILDKITE_AGENT_JOB_API_SOCKET', 'BUILDKITE_AGENT_JOB_API_TOKEN'] as const;

/**
 * Tries the way of a promise without making one: the route knows only POST, so a GET of it is refused with 405 after
 * the token has been checked, and with 404 by an agent that lacks the route. Never rejects.
 * Source: buildkite/agent jobapi/routes.go, internal/socket/middleware.go.
 */
export async function probeJobApi(env: Env, signal: AbortSignal): Promise<JobApiProbe> {
  const [socket, token] = variables.map((name) => env[name]);
  const missing = variables.filter((name) => !env[name]);
  if (!socket || !token) return { type: 'unset', missing };
  const file = fs.statSync(socket, { throwIfNoEntry: false });
  if (process.platform !== 'win32') {
    if (file === undefined) return { type: 'absent', socket };
    if (!file.isSocket()) return { type: 'no socket', socket };
  }
  try {
    return meaningOf(await get(socket, token, signal));
  } catch (error) {
    return { type: 'unreachable', socket, because: wordOf(error) };
  }
}

function get(socketPath: string, token: string, signal: AbortSignal): Promise<number> {
  const http = process.getBuiltinModule('node:http');
  return new Promise((resolve, reject) => {
    const path = '/api/current-job/v0/promise-failure';
    const headers = { Host: 'job', Authorization: `Bearer ${token}` };
    const request = http.get({ socketPath, path, headers, agent: false, signal }, (response) => {
      response.resume();
      resolve(response.statusCode ?? 0);
    });
    request.on('error', reject);
  });
}

function meaningOf(status: number): JobApiProbe {
  if (status === 405) return { type: 'open' };
  if (status === 401) return { type: 'token refused' };
  return status === 404 ? { type: 'too old' } : { type: 'unexpected', status };
}
