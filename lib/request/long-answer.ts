/** The answer with a long collection, which is written, digested and compressed while the cloud is read. */
import { RunningTag } from '../etags/running-tag.ts';
import { LongBody } from '../http/long-body.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { acceptsGzip } from '../http/result.ts';
import type { AnyEntity } from '../occi/entity.ts';
import type { Acceptable } from '../renderings/index.ts';
import { commonHeaders, contextFor } from './answering.ts';

/** As `respond` answers. Throws what reading a page throws, and `tooLarge` once the body cannot pass any more. */
export async function respondInPieces(
  pages: AsyncIterable<readonly AnyEntity[]>,
  ofLinks: boolean,
  { rendering, mediaType }: Acceptable,
  request: HttpRequest,
): Promise<HttpResponse> {
  const { headers, pieces } = rendering.renderPages!(pages, ofLinks, contextFor(request, mediaType));
  const body = new LongBody(acceptsGzip(request));
  const tag = new RunningTag();
  try {
    for await (const piece of pieces) {
      tag.add(piece);
      await body.add(piece);
    }
    const whole = await body.end();
    return { status: 200, headers: { ...commonHeaders(request), ...headers, ETag: tag.end(rendering) }, ...whole };
  } finally {
    body.drop();
  }
}
