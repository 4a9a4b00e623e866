/** The state of `expect`, wherever the globals are. Source: expect src/jestMatchersObject.ts, 28 to 30. */
export function expectState(sandbox: object): { testPath?: string; suppressedErrors?: unknown[] } {
  const matchers = Reflect.get(sandbox, Symbol.for('$$jest-matchers-object'));
  return (matchers as { state?: object } | undefined)?.state ?? {};
}
