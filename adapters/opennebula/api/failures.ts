/** Calls without a usable answer: which failure they become, and which may be retried. */
import * as z from 'zod';
import { ConnectionFailure } from '../../../lib/adapter/connection-failure.ts';
import { OcciError } from '../../../lib/errors.ts';
import { NotOk } from './transport.ts';
import { NotXmlRpc, OneRefusal } from './xml-rpc.ts';

const AGAIN = { 'Retry-After': '5' };

const UNUSABLE = 'The cloud gave an answer that cannot be used.';

const timedOut = (cause: unknown, unknownOutcome: boolean): OcciError =>
  new OcciError('timedOut', 'The cloud did not answer in time.', { cause, unknownOutcome, headers: AGAIN });

/**
 * The failure of a call without a usable answer: `unavailable` or `timedOut`, with `unknownOutcome` where a
 * call that changes something may have been carried out. A refusal stays as it is.
 */
export function clientFailure(error: unknown, repeatable: boolean): unknown {
  if (error instanceof ConnectionFailure) {
    const unknownOutcome = error.sent && !repeatable;
    if (error.reason === 'timedOut') return timedOut(error, unknownOutcome);
    const why = error.reason === 'tooLarge' ? UNUSABLE : 'The cloud cannot be reached.';
    return new OcciError('unavailable', why, { cause: error, unknownOutcome, headers: AGAIN });
  }
  if (error instanceof NotOk) {
    return new OcciError('unavailable', UNUSABLE, { cause: error, unknownOutcome: !repeatable, headers: AGAIN });
  }
  if (error instanceof NotXmlRpc || error instanceof z.ZodError) {
    const cause = error instanceof NotXmlRpc ? error : new Error(`unexpected shape: ${places(error)}`);
    const details = { cause, unknownOutcome: !repeatable, headers: AGAIN };
    return new OcciError('unavailable', 'The cloud gave an answer that cannot be understood.', details);
  }
  return error;
}

/** Where an answer is not as it must be, without what stood there. */
const places = (error: z.ZodError): string =>
  error.issues
    .slice(0, 3)
    .map(({ path, code }) => `${path.join('/')} (${code})`)
    .join(', ');

/** True when a retry is harmless and may help: the connection failed. */
export const mayRepeat = (error: unknown, repeatable: boolean): boolean =>
  error instanceof ConnectionFailure &&
  /^(refused|unreachable|lost)$/.test(error.reason) &&
  (repeatable || !error.sent);

/** What the log says about a failed attempt. */
export const outcomeOf = (error: unknown): string => {
  if (error instanceof OneRefusal) return `refused ${error.code}`;
  if (error instanceof ConnectionFailure) return error.reason;
  if (error instanceof NotOk) return 'notOk';
  if (error instanceof OcciError) return error.failure;
  return 'nonsense';
};

/** True when oned gave no answer of its own; a refusal is one. */
export const isFault = (error: unknown): boolean => !(error instanceof OneRefusal);
