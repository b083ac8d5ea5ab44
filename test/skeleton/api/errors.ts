/** The cloud's failures as ours. */
import { type ClientError, errorTranslation, UNKNOWN_REFUSAL } from '../../../lib/adapter/refusals.ts';
import { OcciError } from '../../../lib/errors.ts';

/** The cloud has answered with a failure. Its text is for the log: clients see none of it. */
export class Refused extends Error {
  readonly status: number;

  constructor(status: number, text: string) {
    super(`${status} ${text}`);
    this.status = status;
  }
}

/** By the status of the answer. A cloud with codes or sentences of its own has rules instead: `firstMatch`. */
const BY_STATUS: Readonly<Record<number, ClientError>> = {
  401: { failure: 'unauthenticated', message: 'The cloud does not accept these credentials.' },
  403: { failure: 'forbidden', message: 'The provider does not permit this.' },
  404: { failure: 'notFound', message: 'There is no such thing in the cloud.' },
  409: { failure: 'conflict', message: 'The cloud cannot do this now.' },
  429: { failure: 'unavailable', message: 'The cloud gets too many requests; try again later.' },
  502: { failure: 'unavailable', message: 'The cloud does not answer at the moment; try again later.' },
  503: { failure: 'unavailable', message: 'The cloud does not answer at the moment; try again later.' },
  504: { failure: 'timedOut', message: 'The cloud did not answer in time.' },
};

export const { toOcciError } = errorTranslation<Refused>({
  isRefusal: (error) => error instanceof Refused,
  clientErrorOf: ({ status }) => BY_STATUS[status] ?? UNKNOWN_REFUSAL,
  retryAfterSeconds: 5,
});

/** The failure of an answer that is not what `native/` expects. */
export const notUnderstood = (cause: unknown): OcciError =>
  new OcciError('internal', 'The cloud gave an unexpected answer.', { cause });

/** The failure of a call without an answer: the cloud cannot be reached, or the time of the request is up. */
export const noAnswer = (cause: unknown): OcciError =>
  cause instanceof Error && cause.name === 'TimeoutError'
    ? new OcciError('timedOut', 'The cloud did not answer in time.', { cause })
    : new OcciError('unavailable', 'The cloud does not answer.', { cause });
