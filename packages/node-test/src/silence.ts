/** Why the process's exit does not follow the tests in this mode, or `undefined` when it does. */
export function findSilence(
  execArgv: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
): string | undefined {
  const watches = execArgv.some((word) => word === '--watch' || word.startsWith('--watch-path'));
  // Set for what `node --watch` starts.
  return watches || env.WATCH_REPORT_DEPENDENCIES ? 'watch mode' : undefined;
}
