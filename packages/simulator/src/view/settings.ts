/** What a start printed is made of. */
export interface StartedServer {
  readonly url: string;
  readonly tokens: { readonly registration: string; readonly api: string };
  readonly simulator: { readonly organization: string; readonly pipeline: string };
}

/** What to set for whom, to be copied. */
export function settingsText({ url, tokens, simulator: { organization, pipeline } }: StartedServer): string {
  return `A local Buildkite listens on ${url} until ^C. It keeps nothing: builds and tokens are of this start alone.

  Page      ${url}/
  Agent     buildkite-agent start --endpoint ${url}/v3 --token ${tokens.registration} --build-path /tmp/bk-builds
  bk        BUILDKITE_REST_API_ENDPOINT=${url} BUILDKITE_API_TOKEN=${tokens.api} BUILDKITE_ORGANIZATION_SLUG=${organization}
  MCP       BUILDKITE_BASE_URL=${url}/ BUILDKITE_API_TOKEN=${tokens.api}
  watch     BUILDKITE_API_URL=${url}/v2 BUILDKITE_API_TOKEN=${tokens.api}
  bktec     BUILDKITE_TEST_ENGINE_BASE_URL=${url} BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN=${tokens.api}
  Build     curl -X POST ${url}/v2/organizations/${organization}/pipelines/${pipeline}/builds -H "Authorization: Bearer ${tokens.api}"
`;
}
