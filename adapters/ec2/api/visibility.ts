/**
 * What a request has just made and EC2 does not show yet (EC2 API, Eventual consistency): it answers NotFound, or a
 * listing without it. The same thing is waited for; another one is never made.
 */

import { untilVisible } from '../../../lib/adapter/until-visible.ts';
import { isFailure, OcciError } from '../../../lib/errors.ts';
import type { Cloud } from '../cloud.ts';
import { isRefused } from './errors.ts';

/** Repeats a call about something new while EC2 refuses it with one of these codes. Throws the refusal at last. */
export const onceShown = <T>(
  { deadline }: Pick<Cloud, 'deadline'>,
  codes: RegExp,
  call: () => Promise<T>,
): Promise<T> => untilVisible(call, { isUnseen: (error) => isRefused(error, codes), deadline });

/**
 * How long the thing of an attempt whose answer was lost is looked for, where EC2 would make another one (a call without
 * ClientToken). Nothing may have been made, so it is shorter than the wait for what was made for certain.
 */
export const LOST_ANSWER_MS = 3000;

/** A listing that lacks what it must have. */
const LACKING = new Error('The listing does not have it yet.');

/**
 * Repeats a read of something that exists until EC2 shows it: while the read finds nothing (undefined), or is refused
 * with one of these codes. Resolves to undefined if the time is over.
 */
export async function shown<T>(
  { deadline }: Pick<Cloud, 'deadline'>,
  read: () => Promise<T | undefined>,
  { codes, longestMs }: { readonly codes?: RegExp; readonly longestMs?: number } = {},
): Promise<T | undefined> {
  const isUnseen = (error: unknown) => error === LACKING || (codes !== undefined && isRefused(error, codes));
  const work = async () => {
    const found = await read();
    if (found === undefined) throw LACKING;
    return found;
  };
  return untilVisible(work, { isUnseen, deadline, ...(longestMs !== undefined && { longestMs }) }).catch((error) => {
    if (isUnseen(error)) return undefined;
    throw error;
  });
}

/**
 * Reads what an earlier attempt of this create has made in this process, as soon as EC2 shows it. Throws `unavailable`
 * if it is not shown in time.
 */
export function readMade<T>({ deadline }: Pick<Cloud, 'deadline'>, what: string, read: () => Promise<T>): Promise<T> {
  const isUnseen = (error: unknown) => isFailure(error, 'notFound') && error.unseen;
  return untilVisible(read, { isUnseen, deadline }).catch((error) => {
    throw isUnseen(error) ? notShownYet(what, error) : error;
  });
}

/** The error for something that was made and is not shown in time: the next attempt finds it by its token. */
export const notShownYet = (what: string, cause?: unknown): OcciError =>
  new OcciError('unavailable', `The ${what} was made and the cloud does not show it yet; try again.`, {
    cause,
    unknownOutcome: true,
    headers: { 'Retry-After': '5' },
  });
