/** Marks the processes below a run: a test that spawns a runner hands its environment on. */
const marker = 'PROMISE_FAILURE_RUN';

/**
 * Marks this process's environment, so that what is started below it knows. Returns the function that takes the
 * mark away, or `undefined` when this run is itself below another one.
 */
export function enterRun(env: Record<string, string | undefined>): (() => void) | undefined {
  if (env[marker]) return undefined;
  env[marker] = String(process.pid);
  return () => {
    delete env[marker];
  };
}
