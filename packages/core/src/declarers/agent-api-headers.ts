import type { Env } from '../env.ts';

const prefix = 'BUILDKITE_REQUEST_HEADER_';

/**
 * The headers of a request to the Agent API: the job's token, and what Buildkite asked the agent to send along,
 * which the agent passes on as `BUILDKITE_REQUEST_HEADER_<NAME>`. Of these only names that start with
 * `Buildkite-` are sent. Source: buildkite/agent api/client.go.
 */
export function agentApiHeaders(env: Env): Readonly<Record<string, string>> {
  const forwarded = Object.entries(env).flatMap(([variable, value]) => {
    if (!variable.startsWith(prefix) || !value) return [];
    const name = headerName(variable.slice(prefix.length));
    return name.startsWith('Buildkite-') && isHeaderText(value) ? [[name, value] as const] : [];
  });
  return {
    ...Object.fromEntries(forwarded),
    Authorization: `Token ${env.BUILDKITE_AGENT_ACCESS_TOKEN}`,
    'Content-Type': 'application/json',
    'User-Agent': 'promise-failure',
  };
}

/** `BUILDKITE_FOO` becomes `Buildkite-Foo`. */
function headerName(variable: string): string {
  const words = variable.toLowerCase().split('_');
  return words.map((word) => word.charAt(0).toUpperCase() + word.slice(1)).join('-');
}

/** What HTTP allows in a header; anything else would make the whole request fail. */
function isHeaderText(value: string): boolean {
  return /^[\t\x20-\x7e\x80-\xff]*$/.test(value);
}
