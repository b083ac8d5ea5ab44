/** Translates EC2's refusals to failures, by the rows of `refusals/`. */
import { errorTranslation, UNKNOWN_REFUSAL } from '../../../lib/adapter/refusals.ts';
import { Refusal } from './failures.ts';

/** What links end at; a call may not see one that another call has shown a moment before. */
const END = /^Invalid(AddressID|AllocationID|Group(Id)?|InstanceID|SecurityGroupID|Subnet(I[Dd])?|Volume)\.NotFound$/;

export const { toOcciError, translateErrors } = errorTranslation<Refusal>({
  isRefusal: (error) => error instanceof Refusal,
  clientErrorOf: (refusal, kind) => refusal.clientError(kind) ?? UNKNOWN_REFUSAL,
  retryAfterSeconds: 30,
  // EC2 also answers so about what was made a moment ago (EC2 API Reference, Eventual consistency).
  isUnseen: ({ code }, failure) => (failure === 'notFound' ? code.endsWith('.NotFound') : END.test(code)),
});

/** True for a refusal with one of these codes. */
export const isRefused = (error: unknown, codes: RegExp): error is Refusal =>
  error instanceof Refusal && codes.test(error.code);

/**
 * For the call that deletes: that there is nothing to delete is what was wanted, by another request, or by a call whose answer
 * was lost.
 */
export const orGone =
  (codes: RegExp) =>
  (error: unknown): void => {
    if (!isRefused(error, codes)) throw error;
  };
