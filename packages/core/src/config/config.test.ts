import { describe, expect, it } from 'vitest';
import { type Config, describeProblems, resolveConfig } from './config.ts';
import type { PromiseFailureOptions } from './options.ts';

const job = { BUILDKITE_JOB_ID: '0190-job', PROMISE_FAILURE: 'true' };
const jest = { runner: 'jest', exitStatus: 1 } as const;

function configOf(options: PromiseFailureOptions, env: Record<string, string>): Config {
  const result = resolveConfig(options, env, jest);
  if (result.type !== 'on') throw new Error(JSON.stringify(result));
  return result.config;
}

describe('resolveConfig', () => {
  it.each([
    ['nothing is set', { BUILDKITE_JOB_ID: 'j' }],
    ['PROMISE_FAILURE is empty', { BUILDKITE_JOB_ID: 'j', PROMISE_FAILURE: '' }],
    ['there is no job', { PROMISE_FAILURE: 'true' }],
    ['the job id is empty', { PROMISE_FAILURE: 'true', BUILDKITE_JOB_ID: '' }],
    [
      'our switch is off',
      { ...job, PROMISE_FAILURE: 'false', BUILDKITE_TEST_ENGINE_PROMISE_FAILURE: 'true' },
    ],
    [
      "Test Engine's switch is off",
      { BUILDKITE_JOB_ID: 'j', BUILDKITE_TEST_ENGINE_PROMISE_FAILURE: 'false' },
    ],
  ])('is off when %s', (_when, env) => expect(resolveConfig(undefined, env, jest).type).toBe('off'));

  it.each([
    [job, 'on'],
    [{ BUILDKITE_JOB_ID: 'j', BUILDKITE_TEST_ENGINE_PROMISE_FAILURE: 'true' }, 'on'],
    [{ BUILDKITE_JOB_ID: 'j', BUILDKITE_TEST_ENGINE_PROMISE_FAILURE: 'T' }, 'on'],
    [{ PROMISE_FAILURE: 'dry-run' }, 'dry-run'],
    [{ ...job, PROMISE_FAILURE: 'dry-run' }, 'dry-run'],
  ])('with %j is %s', (env, mode) => expect(configOf({}, env).mode).toBe(mode));

  it('has defaults that need no option', () => {
    expect(configOf({}, job)).toMatchObject({
      threshold: { count: 1 },
      exitStatus: 1,
      drainTimeoutMs: 5000,
      outerRetries: undefined,
      muted: [],
      debug: false,
    });
  });

  it("takes the runner's exit status, unless a variable, unless an option says otherwise", () => {
    const result = resolveConfig({}, job, { ...jest, exitStatus: 42 });
    expect(result.type === 'on' && result.config.exitStatus).toBe(42);
    expect(configOf({}, { ...job, PROMISE_FAILURE_EXIT_STATUS: '7' }).exitStatus).toBe(7);
    expect(configOf({ exitStatus: 9 }, { ...job, PROMISE_FAILURE_EXIT_STATUS: '7' }).exitStatus).toBe(9);
  });

  it.each([0, -1, 1.5, 256, Number.NaN, '1'])('refuses the exit status %j', (exitStatus) => {
    const result = resolveConfig({ exitStatus: exitStatus as number }, job, jest);
    if (exitStatus === '1') expect(result.type).toBe('on');
    else expect(result).toMatchObject({ type: 'invalid', problems: [{ field: 'exitStatus' }] });
  });

  it('reports all problems at once, each by the name the user wrote', () => {
    const env = { ...job, PROMISE_FAILURE_THRESHOLD: 'many', PROMISE_FAILURE_DEBUG: 'perhaps' };
    const result = resolveConfig({ drainTimeoutMs: -5, muted: [{ scope: 'a' } as never] }, env, jest);
    if (result.type !== 'invalid') throw new Error('expected problems');
    expect(result.problems.map((problem) => problem.field)).toEqual([
      'PROMISE_FAILURE_DEBUG',
      'PROMISE_FAILURE_THRESHOLD',
      'drainTimeoutMs',
      'muted',
    ]);
    expect(describeProblems(result.problems)).toContain('PROMISE_FAILURE_THRESHOLD is "many", expected');
  });

  it('says that a switch it does not understand is wrong, instead of guessing', () => {
    const result = resolveConfig({}, { ...job, PROMISE_FAILURE: 'maybe' }, jest);
    expect(result).toMatchObject({ type: 'invalid', problems: [{ field: 'PROMISE_FAILURE' }] });
  });

  it.each([
    ['jest', { treshold: 3 }, 'treshold', 'threshold'],
    ['jest', { settel: 'file' }, 'settel', 'settle'],
    ['playwright', { settle: 'file' }, 'settle', 'debug'],
  ] as const)(
    'refuses an option that the reporter for %s does not have: %j',
    (runner, options, field, near) => {
      const result = resolveConfig(options as object, job, { runner, exitStatus: 1 });
      const expected = expect.stringContaining('did you mean ');
      expect(result).toMatchObject({ type: 'invalid', problems: [{ field, expected }] });
      if (field !== 'settle') {
        expect(result).toMatchObject({ problems: [{ expected: expect.stringContaining(`mean ${near}?`) }] });
      }
    },
  );

  it('refuses nothing where it is off', () => {
    expect(resolveConfig({ treshold: 3 } as object, {}, jest)).toMatchObject({ type: 'off' });
  });
});
