/** The errors for requests beyond a limit. */
import { OcciError } from '../errors.ts';
import { type Quantity, said } from './quantities.ts';

/** Whole seconds until a time, at least one. */
const secondsUntil = (at: number, now: number): number => Math.max(1, Math.ceil((at - now) / 1000));

const tooMany = (what: string, until: number, now: number): OcciError => {
  const wait = secondsUntil(until, now);
  return new OcciError('tooManyRequests', `${what}: try again in ${wait} second${wait === 1 ? '' : 's'}.`, {
    headers: { 'Retry-After': String(wait) },
  });
};

/** 429 until the end of the minute. */
export const tooManyRequests = (limit: number, until: number, now: number): OcciError =>
  tooMany(`The requests of your tenant for this minute, ${limit}, are used up`, until, now);

/** 429 until the end of the hour. */
export const tooManyCreates = (limit: number, made: number, asked: number, until: number, now: number): OcciError =>
  tooMany(
    `Your tenant may create ${limit} ${limit === 1 ? 'entity' : 'entities'} an hour: it has created ${made} and the request has ${asked}`,
    until,
    now,
  );

/** 403: the request needs more than the quota leaves. */
export const overQuota = (name: Quantity, limit: number, used: number, needed: number): OcciError =>
  new OcciError(
    'forbidden',
    `The quota of your tenant allows ${said(name, limit)}: ${used} ${used === 1 ? 'is' : 'are'} used and the request needs ${needed}.`,
  );

/** 503: whether the quota suffices depends on creates that are under way. */
export const notKnownYet = (name: Quantity): OcciError =>
  new OcciError(
    'unavailable',
    `Other creates of your tenant are under way, and the quota ${name} may not suffice for this one too: try again.`,
    { headers: { 'Retry-After': '1' } },
  );
