/**
 * The answer with a long collection, which is written, digested and compressed while the cloud is read, and sent when it is
 * whole (ADR-20).
 */
import { RunningTag } from '../etags/running-tag.ts';
import { LongBody } from '../http/long-body.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { linkToNext } from '../http/paging.ts';
import { acceptsGzip, LAMBDA_BYTES, tooLarge } from '../http/result.ts';
import type { AnyEntity } from '../occi/entity.ts';
import type { Paging } from '../occi/page.ts';
import type { Acceptable } from '../renderings/index.ts';
import { commonHeaders, contextFor } from './answering.ts';

/**
 * As `respond` answers. A collection that is larger than an answer may be ends where that is full, with a link to the page
 * that follows; the cloud is read no further then. Throws what reading a page throws, and `tooLarge` if nothing fits.
 */
export async function respondInPieces(
  pages: AsyncIterable<readonly AnyEntity[]>,
  ofLinks: boolean,
  { rendering, mediaType }: Acceptable,
  request: HttpRequest,
  bodyBytes = LAMBDA_BYTES,
): Promise<HttpResponse> {
  const { headers, pieces, shown, closing } = rendering.renderPages!(pages, ofLinks, contextFor(request, mediaType));
  const body = new LongBody(acceptsGzip(request), bodyBytes);
  const tag = new RunningTag();
  let next: Paging | undefined;
  let number = 0;
  try {
    for await (const piece of pieces) {
      if (!(await body.tryAdd(piece, closing.length))) {
        if (number === 0) throw tooLarge(bodyBytes);
        tag.add(closing);
        await body.add(closing);
        next = { page: 2, number, shorter: true };
        break;
      }
      tag.add(piece);
      number = shown();
    }
    const whole = await body.end();
    const link = next && { Link: linkToNext(request, next) };
    const all = { ...commonHeaders(request), ...headers, ...link, ETag: tag.end(rendering, next) };
    return { status: 200, headers: all, ...whole };
  } finally {
    body.drop();
  }
}
