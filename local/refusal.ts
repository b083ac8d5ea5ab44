/** Why the server cannot start, in one sentence that says what to do. It is shown without a stack trace. */
export class Refusal extends Error {
  override name = 'Refusal';
}
