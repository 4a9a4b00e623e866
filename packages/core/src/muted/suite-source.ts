import type { Env } from '../env.ts';
import { type Page, type RestOptions, withRest } from './rest.ts';
import type { MutedEntry, MutedSource } from './source.ts';
import { readTestEngineAccess, suiteUrl, type TestEngineAccess, tokenAdvice } from './test-engine.ts';

export type RestTiming = Pick<RestOptions, 'tryTimeoutMs' | 'policy'>;

/** Muted tests of a Test Engine suite, named `organization/suite` or by a suite of the job's organization. */
export function createSuiteSource(suite: string, env: Env, timing: RestTiming = {}): MutedSource {
  const access = readTestEngineAccess(suite, env);
  const name = `Test Engine suite ${suite}`;
  const token = access?.token;
  if (access === undefined) return unavailable(name, 'expected organization/suite');
  if (token === undefined) return unavailable(name, tokenAdvice);
  return {
    name,
    sharedAs: suiteUrl(access, mutedPath),
    load: (signal) =>
      withRest({ ...timing, baseUrl: access.baseUrl, env, token, signal }, async (get) =>
        fetchSuiteEntries(get, access),
      ),
  };
}

/** A source whose list cannot be had, and why. */
export function unavailable(name: string, why: string): MutedSource {
  return { name, load: () => Promise.reject(new Error(why)) };
}

const mutedPath = 'tests/muted';

/**
 * All pages of the suite's list. A circular or malformed list is an error.
 * Source: buildkite/docs pages/apis/rest_api/test_engine/quarantine.md.
 */
export async function fetchSuiteEntries(
  get: (url: string) => Promise<Page>,
  access: TestEngineAccess,
): Promise<readonly MutedEntry[]> {
  const origin = `suite ${access.organization}/${access.suite}`;
  const entries: MutedEntry[] = [];
  let url: string | undefined = suiteUrl(access, mutedPath);
  const seen = new Set<string>();
  while (url !== undefined) {
    if (seen.has(url)) throw new Error('the pages of the list go round in circles');
    seen.add(url);
    const page: Page = await get(url);
    entries.push(...readEntries(page.body, origin, 'identity'));
    url = page.next;
  }
  return entries;
}

/** Checks a list of `{scope, name}` as Test Engine gives it; a missing scope is the empty one. */
export function readEntries(
  body: unknown,
  origin: string,
  type: 'identity' | 'spaced identity',
): readonly MutedEntry[] {
  if (!Array.isArray(body)) throw new Error('answered with something that is no list of tests');
  return body.map((test: unknown) => {
    const { scope, name } = (test ?? {}) as Record<string, unknown>;
    const known = scope ?? '';
    if (typeof known !== 'string' || typeof name !== 'string') {
      throw new Error('answered with a test that has no scope and name');
    }
    return { target: { type, scope: known, name }, origin };
  });
}
