import type { Config } from '@jest/types';

/** The status with which the process ends when tests fail: a process keeps eight bits of it. */
export function exitStatusOf({ testFailureExitCode }: Config.GlobalConfig): number {
  return Number(testFailureExitCode) & 0xff;
}

/** Why the process's exit does not follow the tests in this run, or `undefined` when it does. */
export function findSilence(config: Config.GlobalConfig): string | undefined {
  if (config.watch || config.watchAll) return 'watch mode';
  if (exitStatusOf(config) === 0) return 'failed tests exit with 0 (testFailureExitCode)';
  return undefined;
}
