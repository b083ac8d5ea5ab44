/** Why the server does not start, in one sentence that says what to do: shown without a stack trace. */
export class Refusal extends Error {
  override name = 'Refusal';
}
