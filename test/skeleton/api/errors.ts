/** Translates failures of the cloud into OCCI errors. */
import { type Failure, OcciError } from '../../../lib/errors.ts';

/** Failures by HTTP status. Any other status is `internal`, which clients see without details. */
const FAILURES = {
  401: 'unauthenticated',
  403: 'forbidden',
  404: 'notFound',
  409: 'conflict',
  429: 'unavailable',
  502: 'unavailable',
  503: 'unavailable',
  504: 'timedOut',
} as const satisfies Record<number, Failure>;

const SENTENCES: Partial<Record<Failure, string>> = {
  unauthenticated: 'The cloud does not accept these credentials.',
  forbidden: 'The provider does not permit this.',
  notFound: 'There is no such thing in the cloud.',
  unavailable: 'The cloud does not answer at the moment; try again later.',
  timedOut: 'The cloud did not answer in time.',
};

/** The message is for clients and does not name paths of the cloud; the native answer is the `cause`, for the log. */
export function failureOf(status: number, body: string): OcciError {
  const failure: Failure = FAILURES[status as keyof typeof FAILURES] ?? 'internal';
  return new OcciError(failure, SENTENCES[failure] ?? 'The cloud refused this request.', {
    cause: `${status} ${body}`,
  });
}

/** The failure for an answer that `native/` does not expect. */
export const notUnderstood = (cause: unknown): OcciError =>
  new OcciError('internal', 'The cloud gave an unexpected answer.', { cause });

/** The failure of a call without an answer: the cloud is unreachable, or the deadline of the request has passed. */
export const noAnswer = (cause: unknown): OcciError =>
  cause instanceof Error && cause.name === 'TimeoutError'
    ? new OcciError('timedOut', 'The cloud did not answer in time.', { cause })
    : new OcciError('unavailable', 'The cloud does not answer.', { cause });
