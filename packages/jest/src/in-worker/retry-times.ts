/** What `jest.retryTimes` has set last in a sandbox. */
export function retryTimes(sandbox: object): number {
  return wholeNumber(Reflect.get(sandbox, Symbol.for('RETRY_TIMES')));
}

/** As jest-circus reads a number of retries, which may be a string. */
export function wholeNumber(value: unknown): number {
  return Number.parseInt(String(value), 10) || 0;
}
