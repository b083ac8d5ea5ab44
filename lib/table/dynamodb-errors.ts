import { type Failure, OcciError } from '../errors.ts';
import { cannotHold, rowTooLarge } from './row-size.ts';

/** Failures by error name. Other errors are classified by their HTTP status. */
const FAILURE_OF: Readonly<Record<string, Failure>> = {
  ThrottlingException: 'unavailable',
  ProvisionedThroughputExceededException: 'unavailable',
  RequestLimitExceeded: 'unavailable',
  InternalServerError: 'unavailable',
  ServiceUnavailable: 'unavailable',
  ReplicatedWriteConflictException: 'unavailable',
  UnprocessedKeysError: 'unavailable',
  TimeoutError: 'unavailable',
  CredentialsProviderError: 'internal',
};

/** `ValidationException` has many causes; these are limits, should DynamoDB count otherwise than `checkedRowBytes`. */
const REFUSED_VALUES: readonly (readonly [RegExp, Failure])[] = [
  [/size.*exceeded/i, 'tooLarge'],
  [/nesting levels|number (over|under)flow|magnitude|significant digits/i, 'invalid'],
];

/** A partition's capacity is counted per second, so a retry within milliseconds is throttled again. */
const RETRY_AFTER = { 'Retry-After': '1' };

interface SdkError {
  readonly name?: string;
  readonly message?: string;
  /** `attempts` is set when a request left, `httpStatusCode` when an answer came. */
  readonly $metadata?: { readonly attempts?: number; readonly httpStatusCode?: number };
}

/** Translates an SDK error, which becomes the cause. A missing table or one without access is `internal`. */
export const dynamoDbError = (cause: unknown): OcciError => {
  switch (failureOf((cause ?? {}) as SdkError)) {
    case 'unavailable':
      return new OcciError('unavailable', 'The store of this service does not answer at present.', {
        cause,
        headers: RETRY_AFTER,
      });
    case 'tooLarge':
      return rowTooLarge(cause);
    case 'invalid':
      return cannotHold(cause);
    default:
      return new OcciError('internal', 'The store of this service failed.', { cause });
  }
};

const failureOf = ({ name = '', message = '', $metadata = {} }: SdkError): Failure => {
  if (name === 'ValidationException') return REFUSED_VALUES.find(([says]) => says.test(message))?.[1] ?? 'internal';
  return FAILURE_OF[name] ?? failureByAnswer($metadata);
};

/** Network errors have many names; all mean that there was no answer. */
const failureByAnswer = ({ attempts, httpStatusCode: status }: NonNullable<SdkError['$metadata']>): Failure => {
  if (status === undefined) return attempts === undefined ? 'internal' : 'unavailable';
  if (status === 413) return 'tooLarge';
  return status >= 500 ? 'unavailable' : 'internal';
};

/** The condition of a put did not hold. */
export const isConditionFailure = (error: unknown): boolean =>
  (error as SdkError | undefined)?.name === 'ConditionalCheckFailedException';
