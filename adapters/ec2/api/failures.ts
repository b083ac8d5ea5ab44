/** Failed calls: refusals by EC2, and calls with an unknown outcome. */
import { types } from 'node:util';
import type * as z from 'zod';
import type { ClientError } from '../../../lib/adapter/refusals.ts';
import { OcciError } from '../../../lib/errors.ts';
import type { CallName } from './call-types.ts';
import {
  CREDENTIALS,
  OUT_OF_ORDER,
  OUT_OF_ORDER_MESSAGE,
  REFUSED_CREDENTIALS_MESSAGE,
  SOON,
  THROTTLED,
  THROTTLED_MESSAGE,
} from './failure-codes.ts';
import { REPEATS } from './repeats.ts';

/** The error for a code in calls about this kind; undefined for a code of which nothing is known (`refusals/`). */
export type ClientErrorOf = (code: string, kind: string) => ClientError | undefined;

/** EC2 refused the call and changed nothing. `errors.ts` translates it for the client. */
export class Refusal extends Error {
  override readonly name = 'Refusal';
  /** EC2's code, such as `InvalidVolume.NotFound`. */
  readonly code: string;
  readonly call: CallName;
  /** What EC2 says; with ids of the account in it, and in a denial perhaps an encoded message: for the log. */
  readonly sentence: string;
  readonly #clientErrorOf: ClientErrorOf;

  constructor(code: string, call: CallName, sentence: string, cause: unknown, clientErrorOf: ClientErrorOf) {
    super(`${call}: ${code}`, { cause });
    this.code = code;
    this.call = call;
    this.sentence = sentence;
    this.#clientErrorOf = clientErrorOf;
  }

  /** What the client learns where the call was about this kind; undefined for a code of which nothing is known. */
  clientError(kind: string): ClientError | undefined {
    return this.#clientErrorOf(this.code, kind);
  }
}

/** An answer that is not what it must be. */
export class Nonsense extends Error {
  override readonly name = 'Nonsense';

  constructor(call: CallName, { issues }: z.ZodError) {
    // Where it is wrong, without what stood there.
    super(
      `${call}: ${issues
        .slice(0, 3)
        .map(({ path, code }) => `${path.join('/')} (${code})`)
        .join(', ')}`,
    );
  }
}

const AGAIN = { 'Retry-After': '5' };

interface SdkError {
  readonly name: string;
  readonly message: string;
  readonly code?: string;
  readonly $metadata?: { readonly httpStatusCode?: number };
  readonly $fault?: string;
}

/** Errors of Node itself may be of another realm than this file. */
const isSdkError = (error: unknown): error is SdkError => error instanceof Error || types.isNativeError(error);

/**
 * True for an error with a code of EC2. Errors of the SDK and of Node have names of their own, and so has an answer
 * without a code.
 */
const isCode = (error: SdkError): boolean =>
  error.$fault !== undefined &&
  error.$metadata?.httpStatusCode !== undefined &&
  error.name !== 'Unknown' &&
  /^[A-Z][\w.]+$/.test(error.name);

/**
 * True where EC2 does not take our credentials. It also says AuthFailure, with another status, of what is not the
 * account's to use.
 */
const isAboutCredentials = ({ name, $metadata }: SdkError): boolean =>
  CREDENTIALS.test(name) || (name === 'AuthFailure' && $metadata?.httpStatusCode === 401);

/** True where there was no answer in time. The SDK calls a connection that was cut so too. */
const isLate = ({ name, code }: SdkError): boolean =>
  name === 'AbortError' || (name === 'TimeoutError' && code !== 'ECONNRESET' && code !== 'EPIPE');

/** The outcome of a call as one word, for the log. */
export const nameOf = (error: unknown): string =>
  error instanceof OcciError ? error.failure : isSdkError(error) ? error.name : 'unknown';

/** True for a call that EC2 put off because there are too many. */
export const isThrottled = (error: unknown): boolean => isSdkError(error) && THROTTLED.test(error.name);

/** True for a call that EC2 refused for the moment only, and that may be sent again. */
export const isPutOff = (error: unknown): boolean =>
  isThrottled(error) || (isSdkError(error) && isCode(error) && SOON.test(error.name));

/** An error of the SDK as ours: a `Refusal`, or an `OcciError` for what was not EC2's decision. */
export function clientFailure(error: unknown, call: CallName, clientErrorOf: ClientErrorOf): unknown {
  if (error instanceof OcciError) return error;
  // A reading has no outcome.
  const unknownOutcome = REPEATS[call] !== 'read';
  const details = { cause: error, unknownOutcome, headers: AGAIN };
  if (error instanceof Nonsense)
    return new OcciError('unavailable', 'The cloud gave an answer that cannot be used.', details);
  if (!isSdkError(error)) return error;
  if (isLate(error)) {
    return new OcciError('timedOut', 'The cloud did not answer in time.', details);
  }
  if (isThrottled(error)) {
    const known = { ...details, unknownOutcome: false };
    return new OcciError('unavailable', THROTTLED_MESSAGE, known);
  }
  if (isAboutCredentials(error)) {
    const known = { cause: error };
    return new OcciError('forbidden', REFUSED_CREDENTIALS_MESSAGE, known);
  }
  if (isCode(error) && !OUT_OF_ORDER.test(error.name))
    return new Refusal(error.name, call, error.message, error, clientErrorOf);
  if (OUT_OF_ORDER.test(error.name) || error.$metadata?.httpStatusCode !== undefined) {
    return new OcciError('unavailable', OUT_OF_ORDER_MESSAGE, details);
  }
  return new OcciError('unavailable', 'The cloud cannot be reached.', details);
}
