/** A call that is refused: `status` with `message`, as Buildkite words it. */
export class Refusal extends Error {
  readonly status: 400 | 404 | 422;

  constructor(status: 400 | 404 | 422, message: string) {
    super(message);
    this.status = status;
  }
}
