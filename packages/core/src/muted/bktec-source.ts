import type { Env } from '../env.ts';
import { RestError, withRest } from './rest.ts';
import type { MutedEntry, MutedSource } from './source.ts';
import { fetchSuiteEntries, type RestTiming, readEntries, unavailable } from './suite-source.ts';
import { suiteUrl, type TestEngineAccess, tokenAdvice } from './test-engine.ts';

const name = 'the muted tests of bktec';

/**
 * The tests that Buildkite's own client mutes in this step: those of its plan, or of the whole suite where there
 * is no such plan. `access` is `undefined` where the suite is not known; the list cannot be had then.
 */
export function createBktecSource(
  access: TestEngineAccess | undefined,
  env: Env,
  timing: RestTiming = {},
): MutedSource {
  if (access === undefined) {
    return unavailable(name, 'set BUILDKITE_TEST_ENGINE_SUITE_SLUG, or PROMISE_FAILURE_MUTED_SUITE=none');
  }
  const { token } = access;
  if (token === undefined) return unavailable(name, tokenAdvice);
  return {
    name,
    sharedAs: planUrl(access) ?? suiteUrl(access, ''),
    load: (signal) =>
      withRest({ ...timing, baseUrl: access.baseUrl, env, token, signal }, async (get) => {
        const plan = await fetchPlan(access, async (url) => (await get(url)).body);
        return plan ?? fetchSuiteEntries(get, access);
      }),
  };
}

function planUrl(access: TestEngineAccess): string | undefined {
  const { plan } = access;
  if (plan === undefined) return undefined;
  const query = new URLSearchParams({ identifier: plan.identifier, job_retry_count: plan.jobRetryCount });
  return `${suiteUrl(access, 'test_plan')}?${query}`;
}

/**
 * The plan's muted tests; `undefined` where there is no plan, or one without tasks, which bktec takes for none.
 * bktec compares with a scope of its own making, whose spaces differ from the collector's in odd cases.
 * Source: buildkite/test-engine-client internal/api/fetch_test_plan.go, internal/plan/type.go,
 * internal/runner/{jest,vitest,playwright}.go.
 */
async function fetchPlan(
  access: TestEngineAccess,
  get: (url: string) => Promise<unknown>,
): Promise<readonly MutedEntry[] | undefined> {
  const url = planUrl(access);
  if (url === undefined) return undefined;
  try {
    const { tasks, muted_tests: muted } = ((await get(url)) ?? {}) as Record<string, unknown>;
    if (typeof tasks !== 'object' || tasks === null)
      throw new Error('answered with something that is no plan');
    if (Object.keys(tasks).length === 0) return undefined;
    return readEntries(muted ?? [], `plan ${access.plan?.identifier}`, 'spaced identity');
  } catch (error) {
    if (error instanceof RestError && error.status === 404) return undefined;
    throw error;
  }
}
