/** As many members of a collection as one answer holds, where all of them are too many. */
import type { HttpRequest } from '../http/message.ts';
import { type AnswerLimits, type Result, resultOrBytes, tooLarge } from '../http/result.ts';
import { offsetOf, type Page, type Paging } from '../occi/page.ts';
import type { Acceptable } from '../renderings/index.ts';
import type { Answer } from '../renderings/rendering.ts';
import { respond } from './answering.ts';

type Collection = Answer & { readonly is: 'collection' };

/** Of the share of members that should fit, so many are tried: the first ones may be larger than the others. */
const CAUTION = 0.95;

const first = (answer: Collection, count: number, next: Paging): Collection => ({
  ...answer,
  locations: answer.locations.slice(0, count),
  ...(answer.entities && { entities: answer.entities.slice(0, count) }),
  next,
});

/**
 * The page to go on with behind the first of `count` members that fit, which begin at `offset`: pages begin at multiples
 * of their number, so it may begin earlier, but always behind the first member.
 */
export function pageBehind(offset: number, count: number): Page {
  return { page: Math.floor((offset + count) / count) + 1, number: count };
}

/**
 * The answer with the first members of a collection, of which `bytes` would be too many, and a link to the others. Throws
 * `tooLarge` if not even one fits.
 */
export function firstPart(
  answer: Collection,
  writes: Acceptable,
  request: HttpRequest,
  paging: Paging | undefined,
  limits: AnswerLimits,
  bytes: number,
): Result {
  const offset = paging ? offsetOf(paging) : 0;
  let fitting = (answer.entities ?? answer.locations).length;
  let tooManyBytes = bytes;
  while (fitting > 1) {
    fitting = Math.max(1, Math.floor((fitting * CAUTION * limits.responseBytes) / tooManyBytes));
    const next = pageBehind(offset, fitting);
    const count = offsetOf(next) - offset;
    const response = respond(
      first(answer, count, { ...next, shorter: true }),
      writes,
      request,
      limits.responseHeaderBytes,
    );
    const result = resultOrBytes(response, request, limits.responseHeaderBytes, limits.responseBytes);
    if (!('tooManyBytes' in result)) return result;
    tooManyBytes = result.tooManyBytes;
    fitting = count;
  }
  throw tooLarge(limits.responseBytes);
}
