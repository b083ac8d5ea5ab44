/** EC2's refusals as failures; what is told of each code stands in `refusals.ts`. */
import { OcciError } from '../../../lib/errors.ts';
import type { KindTerm } from '../../../lib/occi/kinds/index.ts';
import { Refusal } from './failures.ts';
import { type ClientError, clientErrorOf } from './refusals.ts';

const UNKNOWN: ClientError = {
  failure: 'internal',
  message: 'The cloud refused the request for a reason that the client cannot mend.',
};

/**
 * A native refusal as ours. `kind` is what the calls were about. An `OcciError` comes back as it is, anything that is
 * no refusal as `internal`.
 */
export function toOcciError(error: unknown, kind: KindTerm): OcciError {
  if (error instanceof OcciError) return error;
  if (!(error instanceof Refusal)) return new OcciError('internal', 'The adapter failed.', { cause: error });
  const { failure, message } = clientErrorOf(error.code, kind) ?? UNKNOWN;
  return new OcciError(failure, message, {
    cause: error,
    // EC2 also says so of what was made a moment ago (EC2 API Reference, Eventual consistency).
    unseen: failure === 'notFound' && error.code.endsWith('.NotFound'),
    ...(failure === 'unavailable' && { headers: { 'Retry-After': '30' } }),
  });
}

/** True for a refusal with one of these codes. */
export const isRefused = (error: unknown, codes: RegExp): error is Refusal =>
  error instanceof Refusal && codes.test(error.code);

/**
 * For the call that deletes: that there is nothing to delete is what was wanted, by whomever, or by a call whose answer
 * was lost.
 */
export const orGone =
  (codes: RegExp) =>
  (error: unknown): void => {
    if (!isRefused(error, codes)) throw error;
  };

/** Runs native calls about one kind; a refusal becomes the failure that the client is told. */
export async function translateErrors<T>(kind: KindTerm, calls: () => Promise<T>): Promise<T> {
  try {
    return await calls();
  } catch (error) {
    throw toOcciError(error, kind);
  }
}
