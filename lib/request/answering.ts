/** Answers of operations as HTTP responses. */
import type { Adapter } from '../adapter/contract.ts';
import type { Target } from '../entities/backend.ts';
import { OcciError } from '../errors.ts';
import { tagOf, tagOfChanged, tagOfShorter } from '../etags/etag.ts';
import { ASKED_EACH_TIME, KEPT_NOWHERE, VARY } from '../http/caching.ts';
import { splitsAtLineEnds } from '../http/clients.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { linkToNext } from '../http/paging.ts';
import { type AnswerLimits, headersFit, toResult } from '../http/result.ts';
import { isSafe } from '../http/safe.ts';
import { isOldClient, SERVER } from '../http/version.ts';
import { methodsOf, type Verb } from '../operations/index.ts';
import type { Operation } from '../operations/operation.ts';
import { ACCEPT, type Acceptable, negotiate } from '../renderings/index.ts';
import type { Answer, RenderContext, Rendered, Rendering } from '../renderings/rendering.ts';

/**
 * Headers that every answer carries (HTTP-7, HTTP-8, ADR-14). A browser must not sniff another content type: titles and
 * user data are text from other users (https://fetch.spec.whatwg.org/#x-content-type-options-header).
 */
export const commonHeaders = ({ requestId, headers }: Pick<HttpRequest, 'requestId' | 'headers'>) => ({
  Server: SERVER,
  Accept: isOldClient(headers['user-agent']?.[0]) ? ACCEPT_FOR_OLD_CLIENTS : ACCEPT,
  'X-Request-Id': requestId,
  'Cache-Control': KEPT_NOWHERE,
  Vary: VARY,
  'X-Content-Type-Options': 'nosniff',
});

/**
 * The same types in upper case, which HTTP treats as equal (RFC 9110 §8.3.1). rOCCI-api looks for types in lower case
 * and would choose JSON, which it cannot read; this way it chooses text/plain.
 */
const ACCEPT_FOR_OLD_CLIENTS = ACCEPT.replaceAll('occi', 'OCCI');

/** The best acceptable rendering that can show the operation's answer. */
function rendererFor(operation: Operation, acceptable: readonly Acceptable[]): Acceptable {
  const best = acceptable.find(({ rendering }) => !rendering.cannot?.includes(operation.answers));
  if (best) return best;
  throw new OcciError(
    'invalid',
    `${acceptable[0]!.mediaType} can show locations only: ask for text/plain, text/occi or application/occi+json.`,
  );
}

/**
 * The rendering for the operation's answer. If the client accepts no rendering that can show it, returns the error
 * instead of throwing it, because a missing target takes precedence: `notAcceptable` for unknown types, `invalid` for
 * text/uri-list of something that is not a listing (TXT-26, D-22).
 */
export async function writingFor(
  operation: Operation,
  { headers }: Pick<HttpRequest, 'headers'>,
): Promise<Acceptable | OcciError> {
  try {
    const isOld = isOldClient(headers['user-agent']?.[0]);
    const writes = rendererFor(operation, negotiate(headers.accept ?? [], isOld));
    if (writes.rendering.ready) await writes.rendering.ready();
    return writes;
  } catch (error) {
    if (error instanceof OcciError) return error;
    throw error;
  }
}

/**
 * The entity tag of an answer. The answer to a PUT has no tag, which would mean that the request's bytes were stored
 * unchanged (RFC 9110 §9.3.4).
 */
function tagFor(answer: Answer, rendered: Rendered, rendering: Rendering, { method }: HttpRequest): string | undefined {
  if (method === 'GET' || method === 'HEAD') return tagOf(answer, rendered, rendering);
  return method === 'POST' ? tagOfChanged(answer, rendering) : undefined;
}

/** The context in which the answer to this request is rendered. */
export const contextFor = (
  { origin, requestId, headers, listsInLocation }: HttpRequest,
  mediaType: string,
): RenderContext => ({
  origin,
  mediaType,
  requestId,
  listsInLocation,
  splitsAtLineEnds: splitsAtLineEnds(headers['user-agent']?.[0]),
});

/**
 * An answer in a rendering. A create is 201 with the location of the first entity that was created (D-12). What the
 * headers of a rendering cannot hold is given without the parts that it may omit, as few of them as possible (ADR-11);
 * where that is still too large, `toResult` refuses it.
 */
export function respond(
  answer: Answer,
  { rendering, mediaType }: Acceptable,
  request: HttpRequest,
  headerBytes: number,
): HttpResponse {
  const context = contextFor(request, mediaType);
  const rendered = rendering.render(answer, context);
  const tag = tagFor(answer, rendered, rendering, request);
  const parts = rendering.omits?.[answer.is]?.length ?? 0;
  let response = responseWith(answer, rendered, rendering, tag, request);
  for (let omitted = 1; omitted <= parts && !headersFit(response, request, headerBytes); omitted++) {
    const shorter = rendering.render(answer, { ...context, omitted });
    // The state is that of all there is to show, since a change on its condition is compared with that.
    response = responseWith(answer, shorter, rendering, tag && tagOfShorter(tag, omitted), request);
  }
  return response;
}

function responseWith(
  answer: Answer,
  rendered: Rendered,
  rendering: Rendering,
  tag: string | undefined,
  request: HttpRequest,
): HttpResponse {
  // Fills one object instead of spreading several: every answer passes here.
  const headers: Record<string, string> = Object.assign(commonHeaders(request), rendered.headers);
  if (tag !== undefined) headers.ETag = tag;
  // Where links of entities are headers, a client would take this for one.
  if (answer.is === 'collection' && answer.next && !rendering.omits) headers.Link = linkToNext(request, answer.next);
  if (answer.is === 'categories' && request.method !== 'POST') headers['Cache-Control'] = ASKED_EACH_TIME;
  // Where one client looks for a changed entity (CLIENT-26).
  if (answer.is === 'entity' && !isSafe(request.method)) headers.Location = request.origin + answer.entity.location;
  if (answer.is !== 'created') return { status: 200, headers, body: rendered.body };
  if (answer.locations[0] !== undefined) headers.Location = request.origin + answer.locations[0];
  return { status: 201, headers, body: rendered.body };
}

/**
 * The response to a request that has changed something. A completed change must not be reported as a failure because
 * its answer is too large or cannot be rendered; then the answer only says that it is done.
 */
export function respondToChange(
  answer: Answer,
  writes: Acceptable,
  request: HttpRequest,
  { responseHeaderBytes, responseBytes }: AnswerLimits,
): HttpResponse {
  try {
    const response = respond(answer, writes, request, responseHeaderBytes);
    toResult(response, request, responseHeaderBytes, responseBytes);
    return response;
  } catch (error) {
    if (!(error instanceof OcciError)) throw error;
    const done = respond({ is: 'done' }, writes, request, responseHeaderBytes);
    if (answer.is !== 'created') return done;
    return { ...done, status: 201, headers: { ...done.headers, Location: request.origin + answer.locations[0]! } };
  }
}

/** The answer to OPTIONS. */
export const options = (target: Target, request: HttpRequest, adapter: Adapter): HttpResponse => ({
  status: 200,
  headers: {
    ...commonHeaders(request),
    Allow: methodsOf(target, adapter),
    'Content-Type': 'text/plain; charset=utf-8',
  },
  body: 'OK\n',
});

/** The error for a method that is not defined at a target, or an action on a target that has none. */
export function notAllowed(method: string, target: Target, verb: Verb | undefined, adapter: Adapter): OcciError {
  const what =
    verb === 'act'
      ? 'There are no actions here: invoke an action on an entity, or on a collection.'
      : `${method.slice(0, 20)} is not defined here.`;
  return new OcciError('methodNotAllowed', what, { headers: { Allow: methodsOf(target, adapter) } });
}
