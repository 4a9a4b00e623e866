/** The pseudo-terminals of this machine. */
export type Terminals = typeof import('@lydell/node-pty');

let loading: Promise<Terminals | undefined> | undefined;

/** Loads them once; where they cannot be had, `warn` hears why, once, and jobs get pipes. */
export function loadTerminals(warn: (line: string) => void): Promise<Terminals | undefined> {
  loading ??= import('@lydell/node-pty').catch((error: unknown) => {
    const why = error instanceof Error ? error.message.split('\n')[0] : String(error);
    warn(`No pseudo-terminals on this machine, so jobs get pipes, as with --no-pty: ${why}`);
    return undefined;
  });
  return loading;
}
