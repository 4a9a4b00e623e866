/** What tells the mode of the process in which a reporter is constructed. */
export interface ModeSigns {
  /** Playwright's own additions to a reporter's options: `_mode` since 1.43, `_isTestServer` from 1.44 to 1.51. */
  readonly options: { readonly _mode?: unknown; readonly _isTestServer?: unknown };
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
}

/** Why the process's exit code does not follow the tests in this mode, or `undefined` when it does. */
export function findSilence({ options, argv, env }: ModeSigns): string | undefined {
  const [, , command, ...args] = argv;
  const has = (name: string) => args.some((arg) => arg === name || arg.startsWith(`${name}=`));
  if (options._mode === 'merge' || command === 'merge-reports') return 'reports are merged';
  if (options._mode === 'list' || has('--list')) return 'tests are listed';
  if (has('--ui') || has('--ui-host') || has('--ui-port')) return 'UI mode';
  if (options._isTestServer === true || command === 'test-server') return 'tests run for an editor';
  if (env.PWTEST_WATCH) return 'watch mode';
  return undefined;
}
