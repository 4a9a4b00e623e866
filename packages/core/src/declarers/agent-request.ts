import type { Env } from '../env.ts';
import { classifyError } from '../http/classify.ts';
import { DeclarerUnavailableError } from '../http/errors.ts';
import type { Attempt } from '../http/retry.ts';

/** The agent's own limit for one call. Source: buildkite/agent internal/agenthttp/client.go. */
export const callTimeoutMs = 60_000;

/** Address of something of this job in the Agent API. Throws `DeclarerUnavailableError` where a variable is missing. */
export function agentUrl(env: Env, what: string): URL {
  const { BUILDKITE_AGENT_ENDPOINT: endpoint, BUILDKITE_JOB_ID: job } = env;
  if (!endpoint) throw notSet('BUILDKITE_AGENT_ENDPOINT is not set');
  if (!job) throw notSet('BUILDKITE_JOB_ID is not set');
  if (!env.BUILDKITE_AGENT_ACCESS_TOKEN) throw notSet('BUILDKITE_AGENT_ACCESS_TOKEN is not set');
  const id = encodeURIComponent(job).replaceAll('.', '%2E');
  const text = `${endpoint.replace(/\/+$/, '')}/jobs/${id}/${what}`;
  if (!/^https?:/.test(text) || !URL.canParse(text)) throw notSet('BUILDKITE_AGENT_ENDPOINT is not a URL');
  return new URL(text);
}

function notSet(message: string): DeclarerUnavailableError {
  return new DeclarerUnavailableError('not set', message);
}

/** Node's codes for a certificate that no authority it knows has signed. */
const untrusted =
  /^(DEPTH_ZERO_SELF_SIGNED_CERT|SELF_SIGNED_CERT_IN_CHAIN|UNABLE_TO_(GET_ISSUER|VERIFY)_\w+)$/;

/** What a call came to that nobody has answered. */
export function unanswered(error: unknown): Attempt<DeclarerUnavailableError> {
  const { message, name, code = name } = error as NodeJS.ErrnoException;
  const hint = untrusted.test(String(code))
    ? '; name the authority that signs it in NODE_EXTRA_CA_CERTS'
    : '';
  return {
    verdict: classifyError(error),
    value: new DeclarerUnavailableError(String(code), (message || String(code)) + hint, { cause: error }),
  };
}
