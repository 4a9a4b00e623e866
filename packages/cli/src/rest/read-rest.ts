/** How the environment and an option say to reach Buildkite's REST API. */
export interface RestAccess {
  readonly token: string;
  readonly baseUrl: string | undefined;
}

/** Throws one clear error for a token that is missing and a base URL that is none. */
export function readRest(apiUrl: string | undefined, env: NodeJS.ProcessEnv): RestAccess {
  const token = env.BUILDKITE_API_TOKEN;
  if (!token) throw new Error('set BUILDKITE_API_TOKEN to an API access token that may read builds');
  const baseUrl = apiUrl ?? (env.BUILDKITE_API_URL || undefined);
  if (baseUrl !== undefined && !(URL.canParse(baseUrl) && /^https?:$/.test(new URL(baseUrl).protocol))) {
    const name = apiUrl === undefined ? 'BUILDKITE_API_URL' : '--api-url';
    throw new TypeError(`${name} must be a URL such as https://api.buildkite.com/v2, not ${baseUrl}`);
  }
  return { token, baseUrl };
}
