import type { Env } from '../env.ts';

/** How Test Engine's REST API is reached for one suite. */
export interface TestEngineAccess {
  /** Without a trailing slash. */
  readonly baseUrl: string;
  readonly organization: string;
  readonly suite: string;
  readonly token: string | undefined;
  /** What Test Engine's client hands to the runner: an identity token of its own, or a plain upload token. */
  readonly handedOn: string | undefined;
  /** The plan of this step, by the identifier that Test Engine's client uses. */
  readonly plan: { readonly identifier: string; readonly jobRetryCount: string } | undefined;
}

const tokenVariables = [
  'BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN',
  'BUILDKITE_API_ACCESS_TOKEN',
  'BUILDKITE_API_TOKEN',
] as const;

/**
 * Reads the usual variables. `suite` is `organization/suite` or a suite of the job's own organization.
 * `undefined` when organization or suite is missing. Source: buildkite/test-engine-client cli.go,
 * internal/config/validate.go.
 */
export function readTestEngineAccess(suite: string | undefined, env: Env): TestEngineAccess | undefined {
  const [slug, organization = env.BUILDKITE_ORGANIZATION_SLUG] = (suite ?? '').split('/').reverse();
  if (!slug || !organization) return undefined;
  const baseUrl = (env.BUILDKITE_TEST_ENGINE_BASE_URL || 'https://api.buildkite.com').replace(/\/+$/, '');
  return {
    baseUrl,
    organization,
    suite: slug,
    token: readToken(env),
    handedOn: env.BUILDKITE_ANALYTICS_TOKEN || undefined,
    plan: readPlan(env),
  };
}

/** What is missing when there is no token, for people. */
export const tokenAdvice = `no API token: set ${tokenVariables[0]} (scope read_suites)`;

function readToken(env: Env): string | undefined {
  for (const variable of tokenVariables) if (env[variable]) return env[variable];
  return undefined;
}

function readPlan(env: Env): TestEngineAccess['plan'] {
  const { BUILDKITE_BUILD_ID: build, BUILDKITE_STEP_ID: step } = env;
  const identifier =
    env.BUILDKITE_TEST_ENGINE_PLAN_IDENTIFIER || (build && step ? `${build}/${step}` : undefined);
  return identifier === undefined
    ? undefined
    : { identifier, jobRetryCount: env.BUILDKITE_RETRY_COUNT || '0' };
}

/** URL of a suite's resource, every part escaped. */
export function suiteUrl({ baseUrl, organization, suite }: TestEngineAccess, path: string): string {
  const parts = [organization, suite].map(encodeURIComponent);
  return `${baseUrl}/v2/analytics/organizations/${parts[0]}/suites/${parts[1]}/${path}`;
}
