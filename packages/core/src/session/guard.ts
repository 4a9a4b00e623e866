/** Runs `fn` and returns its result; what it throws is told to `onError` in one sentence and swallowed (`undefined`). */
export function guard<T>(hook: string, fn: () => T, onError: (text: string) => void): T | undefined {
  try {
    return fn();
  } catch (error) {
    onError(
      `an error of ours in ${hook} was swallowed: ${error instanceof Error ? error.message : String(error)}`,
    );
    return undefined;
  }
}
