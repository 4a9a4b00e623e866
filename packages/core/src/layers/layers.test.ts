import { describe, expect, it } from 'vitest';
import { lookAround, type ReadAncestors } from './layers.ts';

const config = { exitWrapper: undefined, outerRetries: 0 };
const nobody: ReadAncestors = () => [['/bin/sh', '-c', 'npx jest']];

describe('lookAround', () => {
  it('sees nothing around a plain runner', () => {
    expect(lookAround(config, {}, [], nobody)).toEqual({ flippers: [], outerRetries: 0, bktec: false });
  });

  it.each<[string, Parameters<typeof lookAround>[0], Record<string, string>, string[], ReadAncestors]>([
    ['a wrapper the user names', { ...config, exitWrapper: 'quarantine.sh' }, {}, [], nobody],
    ['dd-trace in NODE_OPTIONS', config, { NODE_OPTIONS: '-r dd-trace/ci/init' }, [], nobody],
    ['dd-trace on the command line', config, {}, ['--import', 'dd-trace/register.js'], nobody],
    [
      'Nx Cloud around a task',
      config,
      { NX_CLOUD_ACCESS_TOKEN: 't', NX_TASK_TARGET_PROJECT: 'p' },
      [],
      nobody,
    ],
    [
      "Trunk's command",
      config,
      {},
      [],
      () => [['/usr/bin/trunk-analytics-cli', 'test', '--', 'npx', 'jest']],
    ],
    [
      'bktec where ancestors cannot be read',
      config,
      { BUILDKITE_TEST_ENGINE_TEST_RUNNER: 'jest' },
      [],
      () => undefined,
    ],
  ])('holds for %s', (_what, options, env, execArgv, ancestors) => {
    expect(lookAround(options, env, execArgv, ancestors).flippers).toHaveLength(1);
  });

  it.each([
    [
      'dd-trace with everything off that forgives',
      {
        NODE_OPTIONS: '-r dd-trace/ci/init',
        DD_TEST_MANAGEMENT_ENABLED: 'false',
        DD_CIVISIBILITY_EARLY_FLAKE_DETECTION_ENABLED: '0',
      },
    ],
    ['Nx without its cloud', { NX_TASK_TARGET_PROJECT: 'p' }],
    ['Nx Cloud outside a task', { NX_CLOUD_ACCESS_TOKEN: 't' }],
  ])('does not hold for %s', (_what, env) => {
    expect(lookAround(config, env as unknown as Record<string, string>, [], nobody).flippers).toEqual([]);
  });

  it.each([
    [['bktec', 'run', '--test-engine-retry-count', '2'], 2],
    [['/opt/bktec', 'run', '--test-engine-retry-count=3'], 3],
    [['bktec', 'run'], 1],
  ])("reads bktec's own flag from %j", (argv, outerRetries) => {
    const around = lookAround({ ...config, outerRetries: 1 }, {}, [], () => [['sh'], argv]);
    expect(around).toMatchObject({ outerRetries, bktec: true });
  });

  it('reads the real ancestors of this process', () => {
    const argv = process.platform === 'win32' ? undefined : lookAround(config, {}, []);
    expect(argv?.bktec ?? false).toBe(false);
  });
});
