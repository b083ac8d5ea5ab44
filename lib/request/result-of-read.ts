/** The answer to a read, within the limits of answers. */
import type { HttpRequest } from '../http/message.ts';
import { type AnswerLimits, type Result, resultOrBytes, tooLarge, toResult } from '../http/result.ts';
import type { Paging } from '../occi/page.ts';
import type { Acceptable } from '../renderings/index.ts';
import type { Answer } from '../renderings/rendering.ts';
import { respond } from './answering.ts';

/**
 * The result of a read. A collection that is larger than an answer may be is given in part, with a link to the rest,
 * unless the client counts the pages itself. Throws `tooLarge` and `notAcceptable` for what cannot be sent.
 */
export async function resultOfRead(
  answer: Answer,
  writes: Acceptable,
  request: HttpRequest,
  paging: Paging | undefined,
  limits: AnswerLimits,
): Promise<Result> {
  if (answer.is === 'collection' && answer.pages) {
    const { respondInPieces } = await import('./long-answer.ts');
    const whole = await respondInPieces(answer.pages, answer.links ?? false, writes, request, limits.responseBytes);
    return toResult(whole, request, limits.responseHeaderBytes, limits.responseBytes);
  }
  const response = respond(answer, writes, request, limits.responseHeaderBytes);
  const result = resultOrBytes(response, request, limits.responseHeaderBytes, limits.responseBytes);
  if (!('tooManyBytes' in result)) return result;
  if (answer.is !== 'collection' || (paging && !paging.shorter)) throw tooLarge(limits.responseBytes);
  const { firstPart } = await import('./first-part.ts');
  return firstPart(answer, writes, request, paging, limits, result.tooManyBytes);
}
