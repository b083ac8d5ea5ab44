/** OpenNebula's refusals as failures: by what they say (`refusals.ts`), or else by their code. */
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { sentence } from './client-text.ts';
import { always, type ClientError, RULES, type Rule } from './refusals.ts';
import { OneRefusal } from './xml-rpc.ts';

/** What is left for a sentence that no rule knows. */
const BY_CODE: Readonly<Record<number, Rule['tell']>> = {
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

const INTERNAL = always('internal', 'The cloud refused the request for a reason that the client cannot mend.');

function clientErrorOf({ code, sentence: all }: OneRefusal, what: string): ClientError {
  // One fixed sentence whatever was wrong, and no rule may look further.
  const rule = code === 256 || code < 0 ? undefined : RULES.find(({ when }) => when.test(all));
  const match = rule ? (rule.when.exec(all) ?? []) : [];
  return (rule?.tell ?? BY_CODE[code] ?? INTERNAL)(match, what, all);
}

/**
 * A native refusal as ours. `what` is the kind's term; a refusal about another object than that is the request's fault
 * (`invalid`), one about the object itself `notFound`. An `OcciError` comes back as it is, anything else as `internal`.
 */
export function toOcciError(error: unknown, what: string): OcciError {
  if (error instanceof OcciError) return error;
  if (!(error instanceof OneRefusal)) {
    return new OcciError('internal', 'The adapter failed.', { cause: error });
  }
  const { failure, message } = clientErrorOf(error, what);
  return new OcciError(failure, message, {
    cause: error,
    ...(failure === 'unavailable' && { headers: { 'Retry-After': '5' } }),
  });
}

/** Runs native calls about one kind; a refusal becomes the failure that the client is told. */
export async function translateErrors<T>(kind: KindTerm, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw toOcciError(error, kind);
  }
}

/**
 * The same for calls that change an object. OpenNebula refuses MANAGE on what the caller cannot even see, and a
 * stranger must not learn that it is there: `look` reads the object, and its `notFound` is what the client is told
 * then.
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
