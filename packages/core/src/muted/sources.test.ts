import { describe, expect, it } from 'vitest';
import type { Env } from '../env.ts';
import type { Log } from '../log.ts';
import { createMutedSources } from './sources.ts';

const log: Log = { debug() {}, info() {}, warn() {}, header() {} };
const none = { muted: [], mutedFile: undefined, mutedSuite: undefined };
const never = new AbortController().signal;

type Choice = { config?: Partial<Parameters<typeof createMutedSources>[0]>; env?: Env; bktec?: boolean };

const token: Env = { BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN: 't', BUILDKITE_ORGANIZATION_SLUG: 'acme' };
const job: Env = { ...token, BUILDKITE_BUILD_ID: 'b1', BUILDKITE_STEP_ID: 's1', BUILDKITE_RETRY_COUNT: '2' };
const bktecSuite: Env = { ...job, BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web' };

const suiteList = 'https://api.buildkite.com/v2/analytics/organizations/acme/suites/web/tests/muted';
const plan = 'https://api.buildkite.com/v2/analytics/organizations/acme/suites/web/test_plan';

function sourcesOf({ config, env = {}, bktec = false }: Choice) {
  return createMutedSources({ ...none, ...config }, env, { log, bktec, cwd: '/' });
}

describe('createMutedSources', () => {
  it.each<[string, Choice, readonly string[]]>([
    ['nothing is configured', {}, []],
    ['a job has a token and no suite', { env: job }, []],
    ['the option names tests', { config: { muted: ['x'] } }, ['the muted option']],
    ['a file is named', { config: { mutedFile: 'm.yaml' } }, ['m.yaml']],
    ['a suite is named', { config: { mutedSuite: 'acme/web' }, env: token }, ['Test Engine suite acme/web']],
    ['the environment names a suite of bktec', { env: bktecSuite }, ['the muted tests of bktec']],
    ['bktec runs the runner', { bktec: true }, ['the muted tests of bktec']],
    ['a suite is declined', { config: { mutedSuite: 'none' }, env: bktecSuite, bktec: true }, []],
    [
      'all of it',
      { config: { muted: ['x'], mutedFile: 'm.yaml', mutedSuite: 'acme/web' }, env: bktecSuite },
      ['the muted option', 'm.yaml', 'Test Engine suite acme/web', 'the muted tests of bktec'],
    ],
  ])('knows its sources when %s', (_, choice, expected) => {
    expect(sourcesOf(choice).map(({ name }) => name)).toEqual(expected);
  });

  it.each<[string, Choice, string]>([
    ['the suite by name', { config: { mutedSuite: 'acme/web' }, env: token }, suiteList],
    ["a suite of the job's organization", { config: { mutedSuite: 'web' }, env: token }, suiteList],
    ["the step's plan", { env: bktecSuite }, `${plan}?identifier=b1%2Fs1&job_retry_count=2`],
    [
      'the plan by its identifier',
      { env: { ...bktecSuite, BUILDKITE_TEST_ENGINE_PLAN_IDENTIFIER: 'p&1' } },
      `${plan}?identifier=p%261&job_retry_count=2`,
    ],
    [
      'another base URL',
      {
        config: { mutedSuite: 'a/b c' },
        env: { ...token, BUILDKITE_TEST_ENGINE_BASE_URL: 'http://localhost:9/x//' },
      },
      'http://localhost:9/x/v2/analytics/organizations/a/suites/b%20c/tests/muted',
    ],
  ])('shares one fetch of %s in the job', (_, choice, expected) => {
    expect(sourcesOf(choice).map(({ sharedAs }) => sharedAs)).toEqual([expected]);
  });

  it.each<[string, Choice, string]>([
    ['the token is missing', { config: { mutedSuite: 'acme/web' } }, 'no API token'],
    ['the organization is missing', { config: { mutedSuite: 'web' } }, 'expected organization/suite'],
    ["bktec's suite is not known", { bktec: true, env: job }, 'BUILDKITE_TEST_ENGINE_SUITE_SLUG'],
    [
      "bktec's token is not known",
      { env: { ...bktecSuite, BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN: '' } },
      'no API token',
    ],
  ])('has no list when %s', async (_, choice, expected) => {
    const [source] = sourcesOf(choice);
    await expect(source?.load(never)).rejects.toThrow(expected);
  });

  it('shares one fetch of the plan whichever token reads it', () => {
    const env = {
      ...bktecSuite,
      BUILDKITE_TEST_ENGINE_API_ACCESS_TOKEN: '',
      BUILDKITE_ANALYTICS_TOKEN: 'abc',
    };
    expect(sourcesOf({ env })[0]?.sharedAs).toContain('test_plan');
  });
});
