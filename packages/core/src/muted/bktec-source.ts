import type { Env } from '../env.ts';
import type { Log } from '../log.ts';
import { bktecTokens } from './bktec-tokens.ts';
import { type Page, RestError, withRest } from './rest.ts';
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
  log: Log,
  timing: RestTiming = {},
): MutedSource {
  if (access === undefined) {
    return unavailable(name, 'set BUILDKITE_TEST_ENGINE_SUITE_SLUG, or PROMISE_FAILURE_MUTED_SUITE=none');
  }
  const tokens = bktecTokens(access, env);
  if (tokens.length === 0) return unavailable(name, tokenAdvice);
  return {
    name,
    sharedAs: planUrl(access) ?? suiteUrl(access, ''),
    load: async (signal) => {
      let refusal: unknown;
      for (const { from, get } of tokens) {
        try {
          const options = { ...timing, baseUrl: access.baseUrl, env, token: await get(signal), signal };
          const entries = await withRest(options, (page) => fetchEntries(access, page));
          log.debug(`the muted tests of bktec were read with ${from}`);
          return entries;
        } catch (error) {
          signal.throwIfAborted();
          log.debug(`the muted tests of bktec cannot be read with ${from}: ${(error as Error).message}`);
          // A refusal of this one says nothing of the next; anything else would happen to that as well.
          if (error instanceof RestError && error.status !== 401 && error.status !== 403) throw error;
          refusal = error;
        }
      }
      throw refusal;
    },
  };
}

async function fetchEntries(
  access: TestEngineAccess,
  get: (url: string) => Promise<Page>,
): Promise<readonly MutedEntry[]> {
  const plan = await fetchPlan(access, async (url) => (await get(url)).body);
  return plan ?? fetchSuiteEntries(get, access);
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
