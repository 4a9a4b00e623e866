const brand = Symbol.for('promise-failure.error');

/**
 * A declarer that cannot be used or reached: no socket, no token, a route the agent does not know.
 * `code` tells which, for tests and debug lines; the next declarer is tried at once.
 */
export class DeclarerUnavailableError extends Error {
  override readonly name = 'DeclarerUnavailableError';
  readonly [brand] = 'declarer-unavailable';
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** True for a `DeclarerUnavailableError`, also one made by another installed copy of this package. */
export function isDeclarerUnavailable(error: unknown): error is DeclarerUnavailableError {
  return error instanceof Error && Reflect.get(error, brand) === 'declarer-unavailable';
}
