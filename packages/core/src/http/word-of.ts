/** An error in few words: the system's code, else its message. A `DOMException` has a number for a code, which tells nobody anything. */
export function wordOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code } = error as { code?: unknown };
  return typeof code === 'string' ? code : error.message || error.name;
}
