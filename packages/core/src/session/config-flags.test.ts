import { describe, expect, it } from 'vitest';
import { commandLineOf, configFlags } from './config-flags.ts';

describe('configFlags', () => {
  it.each([
    ['jest', ['a.test.js', '-c', 'unit.config.js', '--coverage'], ['--config=unit.config.js']],
    ['jest', ['--rootDir', 'packages/a', '--config=x.js'], ['--config=x.js', '--rootDir=packages/a']],
    ['vitest', ['run', '-r', 'packages/a', '--dir=src'], ['--root=packages/a', '--dir=src']],
    ['playwright', ['test', '--config', 'e2e.config.ts', '-g', 'x'], ['--config=e2e.config.ts']],
    ['playwright', ['test'], []],
    ['node-test', ['--test', '--import', 'tsx', '--test-reporter=spec'], ['--import=tsx']],
    ['jest', ['--', '--config', 'no'], []],
    ['jest', ['-c'], []],
    ['jest', ['-c', JSON.stringify({ a: 'x'.repeat(2000) })], []],
  ] as const)('of %s %j are %j', (runner, argv, flags) => {
    expect(configFlags(runner, argv)).toEqual(flags);
  });
});

describe('commandLineOf', () => {
  const process = { argv: ['node', 'runner.js', '-c', 'x.js'], execArgv: ['--test', '--import=tsx'] };

  it("is a runner's own words, and Node's for node:test", () => {
    expect(commandLineOf('jest', process)).toEqual(['-c', 'x.js']);
    expect(commandLineOf('node-test', process)).toEqual(['--test', '--import=tsx']);
  });
});
