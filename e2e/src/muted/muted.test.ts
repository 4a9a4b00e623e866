import {
  startTestEngineApi,
  type TestEngineApi,
  type TestEngineSetup,
} from '@promise-failure/simulator/test-engine';
import { describe, expect, it } from 'vitest';
import { below } from '../harness/below.ts';
import { type Project, type RunResult, type RunSetup, runProject } from '../harness/harness.ts';
import type { ConfiguredRunner } from '../harness/runners.ts';
import {
  failing,
  fileName,
  flaky,
  passing,
  projectOf,
  retriedOnce,
  type TitledTest,
  waiting,
} from './muted-projects.ts';

const runnerNames: readonly ConfiguredRunner[] = ['jest', 'vitest', 'playwright'];

const muted: TitledTest = { titles: ['Checkout', 'pays'], body: failing };
const hard: TitledTest = { titles: ['Checkout', 'refunds'], body: failing };
const green: TitledTest = { titles: ['Checkout', 'lists'], body: passing };

/** Where Test Engine knows the muted test: its scope differs from runner to runner. */
function engineTest(runner: ConfiguredRunner) {
  const scope = runner === 'playwright' ? `  ${fileName(runner, 'a')} Checkout pays` : 'Checkout';
  return { scope, name: 'pays' };
}

/** On a busy machine a thread may take many seconds to start. */
const waitMs = 60_000;

const slow: Readonly<Record<ConfiguredRunner, string>> = {
  jest: '{ testTimeout: 90_000 }',
  vitest: '{ testTimeout: 90_000 }',
  playwright: '{ workers: 1, timeout: 90_000 }',
};

function run(
  runner: ConfiguredRunner,
  tests: readonly TitledTest[],
  rest: Partial<Project> = {},
  setup: Partial<RunSetup> = {},
): Promise<RunResult> {
  const project = projectOf(runner, { a: tests }, { config: slow[runner], ...rest });
  return runProject(project, { runner, waitMs, ...setup });
}

/** Runs with the list from Test Engine, and gives what came of it and what was asked. */
async function runWithEngine(
  runner: ConfiguredRunner,
  tests: readonly TitledTest[],
  setup: TestEngineSetup = {},
  rest: Partial<Project> = {},
  runSetup: Partial<RunSetup> = {},
): Promise<RunResult & Pick<TestEngineApi, 'requests'>> {
  const api = await startTestEngineApi({ muted: [engineTest(runner)], ...setup });
  const env = { ...api.env, PROMISE_FAILURE_MUTED_SUITE: 'acme/web', ...rest.env };
  const result = await run(runner, tests, { ...rest, env }, runSetup);
  await api.close();
  return { ...result, requests: api.requests };
}

function warningsOf({ stderr }: RunResult): readonly string[] {
  return stderr.split('\n').filter((line) => line.startsWith('promise-failure: warning:'));
}

describe.each(runnerNames)('muted tests of %s', (runner) => {
  it.concurrent('are not promised, but named', async () => {
    const result = await run(runner, [muted, green], { options: { muted: ['Checkout pays'] } });
    expect(result.promises, result.stderr).toEqual([]);
    expect(result.exitCode).toBe(1);
    expect(result.stderr).toContain('0 hard, 1 muted, 0 flaky; nothing promised');
    expect(result.stderr).toContain('muted: Checkout > pays');
  });

  it.concurrent('do not count beside a hard failure, which is promised', async () => {
    const result = await run(runner, [muted, hard, ...waiting], { options: { muted: ['Checkout pays'] } });
    expect(result.promises, result.stderr).toHaveLength(1);
    expect(result.promises[0]?.reason).toMatch(/^test_failure \(1 failed/);
    expect(result.promises[0]?.reason).toContain('Checkout > refunds');
    expect(result.promises[0]?.reason).not.toContain('pays');
    expect(result.trace).toContain('seen later');
  });

  it.concurrent('are retried as ever', async () => {
    const tests = [muted, { titles: ['Checkout', 'sometimes'], body: flaky }];
    const rest = { ...retriedOnce[runner], options: { muted: ['Checkout pays'] } };
    const result = await run(runner, tests, rest);
    expect(result.promises, result.stderr).toEqual([]);
    expect(result.stderr).toContain('0 hard, 1 muted, 1 flaky');
  });

  it.concurrent('hold the promise back until the list is there, which delays no test', async () => {
    const result = await runWithEngine(runner, [muted, hard, ...waiting], { delayMs: 700 });
    expect(result.promises, result.stderr).toHaveLength(1);
    expect(result.promises[0]?.reason).toMatch(/^test_failure \(1 failed/);
    expect(result.trace).toContain('seen later');
  });

  it.concurrent('are known in time when the list arrives after the last test', async () => {
    const result = await runWithEngine(runner, [muted, hard], { delayMs: 3000 });
    expect(result.promises, result.stderr).toHaveLength(1);
    expect(result.promises[0]?.at).toBeLessThanOrEqual(result.endedAt);
  });

  it.concurrent('hold everything back when the list never arrives', async () => {
    const env = { PROMISE_FAILURE_DRAIN_TIMEOUT_MS: '1000' };
    const result = await runWithEngine(runner, [muted, hard], { trouble: [{ type: 'hang' }] }, { env });
    expect(result.promises, result.stderr).toEqual([]);
    expect(result.exitCode).toBe(1);
    expect(warningsOf(result)).toHaveLength(1);
  });

  it.concurrent.each([
    [401, 'answered 401'],
    [404, 'answered 404'],
    [200, 'not JSON'],
  ])('hold everything back on answer %d, with one warning', async (status, expected) => {
    const trouble = [{ type: 'answer', status, body: '<html>' } as const];
    const result = await runWithEngine(runner, [muted, hard], { trouble });
    expect(result.promises, result.stderr).toEqual([]);
    expect(warningsOf(result), result.stderr).toEqual([expect.stringContaining(expected)]);
  });

  it.concurrent('do not hold a run error back, list or not', async () => {
    const broken = { [fileName(runner, 'b')]: `throw new Error('does not load');` };
    const trouble = [{ type: 'answer', status: 401, body: '{}' } as const];
    const result = await runWithEngine(runner, [muted], { trouble }, { files: broken });
    expect(result.promises, result.stderr).toHaveLength(1);
  });

  it.concurrent('are not fetched while nothing has failed', async () => {
    const result = await runWithEngine(runner, [green]);
    expect(result.exitCode, result.stderr).toBe(0);
    expect(result.requests).toEqual([]);
  });

  it.concurrent('come from a file, whose expired entries count again', async () => {
    const list = [
      '- scope: "*"\n  name: pays\n  owner: payments\n  until: 2999-01-01',
      '- scope: "*"\n  name: refunds\n  until: 2020-01-01',
    ].join('\n');
    const options = { mutedFile: 'muted.yaml' };
    const result = await run(runner, [muted, hard], { options, files: { 'muted.yaml': list } });
    expect(result.promises, result.stderr).toHaveLength(1);
    expect(result.stderr).toContain('muted.yaml:5: muted until 2020-01-01, which has passed');
    expect(result.stderr).toContain('1 hard, 1 muted');
  });

  it.concurrent('hold everything back when the file has a mistake, told by line and field', async () => {
    const list = '- Checkout pays\n- scope: Checkout\n  nam: refunds\n';
    const options = { mutedFile: 'muted.yaml' };
    const result = await run(runner, [muted, hard], { options, files: { 'muted.yaml': list } });
    expect(result.promises, result.stderr).toEqual([]);
    expect(warningsOf(result), result.stderr).toEqual([expect.stringContaining('muted.yaml:3: nam')]);
  });

  it.concurrent("come from bktec's plan of this step", async () => {
    const env = {
      PROMISE_FAILURE_MUTED_SUITE: '',
      BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web',
      BUILDKITE_BUILD_ID: 'b1',
      BUILDKITE_STEP_ID: 's1',
    };
    const setup = { muted: [], plan: { identifier: 'b1/s1', muted: [engineTest(runner)] } };
    const result = await runWithEngine(runner, [muted, green], setup, { env });
    expect(result.promises, result.stderr).toEqual([]);
    expect(result.stderr).toContain('0 hard, 1 muted');
  });

  it.concurrent("hold everything back under bktec's variables without a token", async () => {
    const env = {
      BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web',
      BUILDKITE_ORGANIZATION_SLUG: 'acme',
      BUILDKITE_TEST_ENGINE_OIDC: 'false',
    };
    const result = await run(runner, [hard], { env });
    expect(result.promises, result.stderr).toEqual([]);
    expect(warningsOf(result), result.stderr).toEqual([expect.stringContaining('no API token')]);
  });

  it.concurrent('hold everything back where bktec stands above the runner and its suite is not known', async () => {
    const through = below('bktec_3.0.0_linux_amd64');
    const project = projectOf(runner, { a: [hard] }, { config: slow[runner] });
    const result = await runProject(project, { runner, through });
    expect(result.promises, result.stderr).toEqual([]);
    expect(result.exitCode, result.stderr).toBe(1);
    expect(warningsOf(result), result.stderr).toEqual([
      expect.stringContaining('BUILDKITE_TEST_ENGINE_SUITE_SLUG'),
    ]);
  });
});

/** What fails beside the tests: no test owns it. */
const brokenHooks: Readonly<Record<ConfiguredRunner, Pick<Project, 'files' | 'config'>>> = {
  jest: { files: { 'b.test.js': `afterAll(() => { throw new Error('broke'); }); test('ok', () => {});` } },
  vitest: {
    files: {
      'b.test.js': `import { afterAll, test } from 'vitest';
        afterAll(() => { throw new Error('broke'); }); test('ok', () => {});`,
    },
  },
  playwright: {
    files: { 'teardown.cjs': `module.exports = () => { throw new Error('broke'); };` },
    config: `{ workers: 1, globalTeardown: './teardown.cjs' }`,
  },
};

describe.each(runnerNames)('run errors of %s under bktec', (runner) => {
  const step = { BUILDKITE_TEST_ENGINE_SUITE_SLUG: 'web', BUILDKITE_BUILD_ID: 'b1', BUILDKITE_STEP_ID: 's1' };
  const plan = { muted: [], plan: { identifier: 'b1/s1', muted: [engineTest(runner)] } };
  const runBelow = (tests: readonly TitledTest[]) =>
    runWithEngine(
      runner,
      tests,
      plan,
      { ...brokenHooks[runner], env: { ...step, PROMISE_FAILURE_MUTED_SUITE: '' } },
      { through: below('bktec') },
    );

  it.runIf(runner === 'playwright')(
    'are promised beside a muted failure: bktec never forgives them',
    async () => {
      const result = await runBelow([muted, green]);
      expect(result.promises, result.stderr).toHaveLength(1);
      expect(result.promises[0]?.reason).toMatch(/^run_error/);
    },
  );

  it.skipIf(runner === 'playwright')(
    'are not promised beside a muted failure, for which bktec forgives them',
    async () => {
      const result = await runBelow([muted, green]);
      expect(result.promises, result.stderr).toEqual([]);
      expect(result.exitCode, result.stderr).toBe(1);
      expect(result.stderr).toContain(
        '1 hard, 1 muted, 0 flaky; nothing promised: muted tests may account for it',
      );
    },
  );

  it.concurrent('are promised where no muted test has failed', async () => {
    const result = await runBelow([green]);
    expect(result.promises, result.stderr).toHaveLength(1);
  });
});

describe('muted tests in groups', () => {
  it.concurrent.each(['jest', 'vitest'] as const)(
    'are matched by the filled-in title of a table in %s',
    async (runner) => {
      const each = `test.each([1, 2])('case %i', (n) => { if (n === 2) throw new Error('no'); });\n`;
      const body = runner === 'vitest' ? `import { test } from 'vitest';\n${each}` : each;
      const files = { [fileName(runner, 'a')]: body };
      const result = await runProject({ files, options: { muted: ['case 2'] } }, { runner });
      expect(result.promises, result.stderr).toEqual([]);
      expect(result.stderr).toContain('0 hard, 1 muted');
    },
  );

  it.concurrent('leave a serial group of Playwright unpromised, retried or not', async () => {
    const body = `import { test } from '@playwright/test';
      test.describe.serial('Serial', () => {
        test('first', () => {});
        test('second', () => { throw new Error('no'); });
        test('third', () => {});
      });`;
    const project = { files: { 'a.spec.js': body }, options: { muted: ['Serial second'] } };
    for (const config of ['{ retries: 0 }', '{ retries: 1 }']) {
      const result = await runProject({ ...project, config }, { runner: 'playwright' });
      expect(result.promises, result.stderr).toEqual([]);
      expect(result.stderr).toContain('0 hard, 1 muted');
    }
  });
});
