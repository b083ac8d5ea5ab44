/**
 * Refusals of a cloud as failures of ours. Each cloud writes its own rules as a table, over the codes or the sentences
 * that it refuses with; the first rule that matches applies.
 */
import { type Failure, OcciError } from '../errors.ts';

/** What the client learns: the failure, and one sentence about it. */
export interface ClientError {
  readonly failure: Failure;
  readonly message: string;
  /** `Retry-After` of a refusal whose reason passes by itself: a state on the way to another. */
  readonly retryAfterSeconds?: number;
}

/**
 * Makes the error of a match. `kind` is what the native calls were about, mostly a kind's term; `text` is the whole code
 * or sentence.
 */
export type ToClientError = (match: readonly string[], kind: string, text: string) => ClientError;

export interface RefusalRule {
  readonly when: RegExp;
  readonly as: ToClientError;
}

/** The same error whatever matched. */
export const always =
  (failure: Failure, message: string): ToClientError =>
  () => ({ failure, message });

/** The error of the first rule that matches; undefined if none does. */
export function firstMatch(rules: readonly RefusalRule[], text: string, kind: string): ClientError | undefined {
  for (const { when, as } of rules) {
    const match = when.exec(text);
    if (match) return as(match, kind, text);
  }
  return undefined;
}

/** The error for a refusal that no rule knows. */
export const UNKNOWN_REFUSAL: ClientError = {
  failure: 'internal',
  message: 'The cloud refused the request for a reason that the client cannot mend.',
};

interface Translation<R extends Error> {
  /** True for an error that is a refusal of the cloud; others are faults of the adapter. */
  readonly isRefusal: (error: unknown) => error is R;
  readonly clientErrorOf: (refusal: R, kind: string) => ClientError;
  /** `Retry-After` of what is `unavailable`. */
  readonly retryAfterSeconds: number;
  /**
   * True for a `notFound`, or for an `invalid` about the end of a link, that may be about something made a moment ago;
   * see `OcciError.unseen`.
   */
  readonly isUnseen?: (refusal: R, failure: 'notFound' | 'invalid') => boolean;
  /** True if the cloud may have done what was asked, though it says that it failed; see `OcciError.unknownOutcome`. */
  readonly isUnknownOutcome?: (refusal: R) => boolean;
}

/**
 * The translation of a cloud's errors. An `OcciError` comes back unchanged; an error that is no refusal becomes
 * `internal`, with itself as the cause.
 */
export function errorTranslation<R extends Error>(cloud: Translation<R>) {
  const toOcciError = (error: unknown, kind: string): OcciError => {
    if (error instanceof OcciError) return error;
    if (!cloud.isRefusal(error)) return new OcciError('internal', 'The adapter failed.', { cause: error });
    const { failure, message, retryAfterSeconds } = cloud.clientErrorOf(error, kind);
    const seconds = retryAfterSeconds ?? (failure === 'unavailable' ? cloud.retryAfterSeconds : 0);
    return new OcciError(failure, message, {
      cause: error,
      unknownOutcome: cloud.isUnknownOutcome?.(error) === true,
      unseen: (failure === 'notFound' || failure === 'invalid') && cloud.isUnseen?.(error, failure) === true,
      ...(seconds > 0 && { headers: { 'Retry-After': String(seconds) } }),
    });
  };
  /** Runs native calls about one kind, and translates what they throw. */
  const translateErrors = async <T>(kind: string, calls: () => Promise<T>): Promise<T> => {
    try {
      return await calls();
    } catch (error) {
      throw toOcciError(error, kind);
    }
  };
  return { toOcciError, translateErrors };
}
