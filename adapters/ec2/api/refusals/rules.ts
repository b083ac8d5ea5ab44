/** What refusals mean for a client, by the kind that the call was about. The rows of the tables beside are these. */
import type { ClientError } from '../../../../lib/adapter/refusals.ts';
import type { Failure } from '../../../../lib/errors.ts';
import type { KindTerm } from '../../../../lib/occi/kinds/index.ts';
import type { Ec2ErrorCode } from '../error-codes/index.ts';
import { OUT_OF_ORDER_MESSAGE, REFUSED_CREDENTIALS_MESSAGE, THROTTLED_MESSAGE } from '../failure-codes.ts';

/** @param kind what the native call was about, mostly a kind's term */
export type Rule = (kind: string) => ClientError;

/** Rows of one family of codes. */
export type Rows = Readonly<Partial<Record<Ec2ErrorCode, Rule>>>;

/** The same for every kind. */
export const always =
  (failure: Failure, message: string): Rule =>
  () => ({ failure, message });

/** A sentence that names the kind. */
const about =
  (failure: Failure, message: (kind: string) => string): Rule =>
  (kind) => ({ failure, message: message(kind) });

/**
 * A thing that is not there is `notFound` when it is what was asked for, and the request's fault (`invalid`) when it is
 * named by it.
 */
export const missing =
  (thing: KindTerm): Rule =>
  (kind) => ({ failure: thing === kind ? 'notFound' : 'invalid', message: `There is no such ${thing}.` });

/** Something that is no entity of OCCI's, so that neither can a message name it. */
export const named = always('invalid', 'The request leads to something that the cloud does not have.');

/** Only the settings of the provider can name it. */
export const unconfigured = always('internal', "The provider's configuration names a resource that does not exist.");

/** The call itself is wrong, and no client can mend it. */
export const fault = always(
  'internal',
  'The endpoint sent a call that the cloud does not understand; tell the provider.',
);

export const invalid = about('invalid', (kind) => `The cloud cannot make or change a ${kind} in this way.`);
export const noTemplate = always('invalid', 'There is no such OS template any more, or it cannot be used.');
export const noSize = always(
  'invalid',
  'There is no such size (resource_tpl) here, or it does not fit the OS template.',
);
export const noZone = always('invalid', 'There is no such availability zone.');
export const wrongAddress = always(
  'invalid',
  'The address (occi.networkinterface.address) is not one of this network.',
);

export const notPermitted = always('forbidden', 'The provider does not permit this.');
export const isProtected = about('conflict', (kind) => `The ${kind} is protected by the provider against this.`);

export const wrongState = about(
  'conflict',
  (kind) => `The state of the ${kind}, or of what it is linked to, does not allow this now.`,
);
export const inUse = about('conflict', (kind) => `The ${kind} is in use.`);
export const exists = about('conflict', (kind) => `There is such a ${kind} already.`);
export const wrongSort = about('conflict', (kind) => `The ${kind} is of a sort that this cannot be done with.`);
export const full = about('conflict', (kind) => `The account has as many as it may: no further ${kind} can be made.`);
export const limited = always('conflict', 'This is more than the cloud allows the account.');

export const noCapacity = about(
  'unavailable',
  (kind) => `The cloud has no capacity for such a ${kind} at the moment; try another size or zone, or try again later.`,
);
export const busy = about('unavailable', (kind) => `The cloud is still changing the ${kind}; try again later.`);
export const copying = always(
  'unavailable',
  'As many copies are being made as the cloud makes at a time; try again later.',
);
export const listingEnded = always('unavailable', 'The listing ended before all of it was read; try again.');

/** These never become a `Refusal` (`failures.ts`); the rows say what they become. */
export const throttled = always('unavailable', THROTTLED_MESSAGE);
export const outOfOrder = always('unavailable', OUT_OF_ORDER_MESSAGE);
export const credentials = always('forbidden', REFUSED_CREDENTIALS_MESSAGE);
