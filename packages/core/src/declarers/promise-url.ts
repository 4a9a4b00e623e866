import type { Env } from '../env.ts';
import { DeclarerUnavailableError } from '../http/errors.ts';

/**
 * Where the Agent API takes this job's promise. Throws `DeclarerUnavailableError` where the job's environment does not
 * say it, or has no token. Source: buildkite/agent api/jobs.go, api/client.go.
 */
export function promiseUrl(env: Env): URL {
  const { BUILDKITE_AGENT_ENDPOINT: endpoint, BUILDKITE_JOB_ID: job } = env;
  if (!endpoint) throw notSet('BUILDKITE_AGENT_ENDPOINT is not set');
  if (!job) throw notSet('BUILDKITE_JOB_ID is not set');
  if (!env.BUILDKITE_AGENT_ACCESS_TOKEN) throw notSet('BUILDKITE_AGENT_ACCESS_TOKEN is not set');
  const id = encodeURIComponent(job).replaceAll('.', '%2E');
  const text = `${endpoint.replace(/\/+$/, '')}/jobs/${id}/promise_failure`;
  if (!/^https?:/.test(text) || !URL.canParse(text)) throw notSet('BUILDKITE_AGENT_ENDPOINT is not a URL');
  return new URL(text);
}

function notSet(message: string): DeclarerUnavailableError {
  return new DeclarerUnavailableError('not set', message);
}
