/** Translates OpenNebula's refusals into failures: by their message (`refusals.ts`), or else by their code. */
import {
  always,
  type ClientError,
  errorTranslation,
  firstMatch,
  type ToClientError,
  UNKNOWN_REFUSAL,
} from '../../../lib/adapter/refusals.ts';
import { isFailure } from '../../../lib/errors.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { sentence } from './client-text.ts';
import { RULES } from './refusals.ts';
import { OneRefusal } from './xml-rpc.ts';

/** The failure for each code whose message matches no rule. */
const BY_CODE: Readonly<Record<number, ToClientError>> = {
  256: always('unauthenticated', 'The credentials are not valid for this cloud.'),
  512: always('forbidden', 'The provider does not permit this.'),
  1024: (_match, what) => ({ failure: 'notFound', message: `There is no such ${what}.` }),
  2048: (_match, what, all) => ({
    failure: 'conflict',
    message: `The cloud cannot do this to the ${what} now: ${sentence(all)}`,
  }),
  16384: (_match, what, all) => ({ failure: 'invalid', message: `The ${what} cannot be made: ${sentence(all)}` }),
  32768: (_match, what) => ({ failure: 'conflict', message: `The ${what} is locked; try again later.` }),
  65536: always('unavailable', 'The cloud elects a new leader; try again later.'),
  // XML-RPC: a method that this release does not have.
  [-506]: always('notImplemented', 'This release of OpenNebula does not have the call.'),
};

function clientErrorOf({ code, sentence: text }: OneRefusal, kind: string): ClientError {
  // Wrong credentials get one fixed sentence, and no rule may look at the text.
  const ruled = code === 256 || code < 0 ? undefined : firstMatch(RULES, text, kind);
  return ruled ?? BY_CODE[code]?.([], kind, text) ?? UNKNOWN_REFUSAL;
}

/** A refusal about another object than `kind` is the request's fault (`invalid`), one about the object itself `notFound`. */
export const { toOcciError, translateErrors } = errorTranslation<OneRefusal>({
  isRefusal: (error) => error instanceof OneRefusal,
  clientErrorOf,
  retryAfterSeconds: 5,
});

/**
 * The same for calls that change an object. OpenNebula refuses MANAGE even on an object that the caller cannot see, and
 * the client must not learn that such an object exists: `look` reads the object, and if it throws `notFound`,
 * the client gets that instead.
 */
export async function translateChangeErrors<T>(
  kind: KindTerm,
  look: () => Promise<unknown>,
  calls: () => Promise<T>,
): Promise<T> {
  try {
    return await translateErrors(kind, calls);
  } catch (error) {
    if (isFailure(error, 'forbidden')) await look();
    throw error;
  }
}
