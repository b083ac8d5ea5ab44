/**
 * FAILURES: the kinds of failure and their HTTP status codes (HTTP-11, HTTP-39, H11-30). Operations and adapters throw
 * `OcciError` only; any other error is `internal`, and the client gets no detail of it.
 */
export const FAILURES = {
  /** The request is malformed or breaks a rule of the model. */
  invalid: 400,
  /** Missing or invalid credentials. */
  unauthenticated: 401,
  forbidden: 403,
  notFound: 404,
  /** The method is not defined at this target. */
  methodNotAllowed: 405,
  notAcceptable: 406,
  /** The request conflicts with the current state of the target. */
  conflict: 409,
  /** A condition of the request does not hold (RFC 9110 §13). */
  preconditionFailed: 412,
  tooLarge: 413,
  unsupportedMediaType: 415,
  /** An idempotency key used again for another request. */
  keyReused: 422,
  /** More requests or creates than the tenant may send in this time. */
  tooManyRequests: 429,
  internal: 500,
  notImplemented: 501,
  /** The cloud is down or throttles requests. */
  unavailable: 503,
  /** The cloud did not answer before the deadline of the request. */
  timedOut: 504,
} as const;

export type Failure = keyof typeof FAILURES;

interface ErrorDetails {
  readonly cause?: unknown;
  /** The failed attempt may have created something, so its token must be kept. */
  readonly unknownOutcome?: boolean;
  /**
   * With `notFound`, or with `invalid` for the end of a link: the cloud does not know the entity, or not yet. Absent
   * for an entity that the cloud reports as deleted.
   */
  readonly unseen?: boolean;
  /** The reason is in the log already, written once and not for every request. */
  readonly logged?: boolean;
  /** Response headers that belong to the failure: `Allow`, `Retry-After`, `WWW-Authenticate`. */
  readonly headers?: Readonly<Record<string, string>>;
}

/**
 * A failure with one sentence for the client. The sentence names what is wrong with the request; the cause goes to
 * the log only.
 */
export class OcciError extends Error {
  override readonly name = 'OcciError';
  readonly failure: Failure;
  readonly headers: Readonly<Record<string, string>>;
  readonly unknownOutcome: boolean;
  readonly unseen: boolean;
  readonly logged: boolean;

  constructor(failure: Failure, message: string, details: ErrorDetails = {}) {
    super(message, { cause: details.cause });
    this.failure = failure;
    this.headers = details.headers ?? {};
    this.unknownOutcome = details.unknownOutcome ?? false;
    this.unseen = details.unseen ?? false;
    this.logged = details.logged ?? false;
  }

  get status(): number {
    return FAILURES[this.failure];
  }
}

/** True for a client's mistake that was refused before it had any effect. */
export const isRefusal = (error: unknown): error is OcciError =>
  error instanceof OcciError && error.status < 500 && !error.unknownOutcome;

/** True for an `OcciError` of the given failure. */
export const isFailure = (error: unknown, failure: Failure): error is OcciError =>
  error instanceof OcciError && error.failure === failure;
