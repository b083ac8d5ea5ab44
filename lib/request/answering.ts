/** Answers of operations as HTTP responses. */
import type { Adapter } from '../adapter/contract.ts';
import type { Target } from '../entities/backend.ts';
import { OcciError } from '../errors.ts';
import { tagOf, tagOfChanged } from '../etags/etag.ts';
import { ASKED_EACH_TIME, KEPT_NOWHERE, VARY } from '../http/caching.ts';
import { splitsAtLineEnds } from '../http/clients.ts';
import type { HttpRequest, HttpResponse } from '../http/message.ts';
import { toResult } from '../http/result.ts';
import { isOldClient, SERVER } from '../http/version.ts';
import { methodsOf, type Verb } from '../operations/index.ts';
import type { Operation } from '../operations/operation.ts';
import { ACCEPT, type Acceptable, negotiate } from '../renderings/index.ts';
import type { Answer, RenderContext, Rendered, Rendering } from '../renderings/rendering.ts';

/**
 * Headers that every answer carries (HTTP-7, HTTP-8, ADR-14). A browser must not guess another type for a body
 * than the one that is named: titles and user data are text from others (https://fetch.spec.whatwg.org/#x-content-type-options-header).
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
 * The same types in another case, which HTTP does not tell apart (RFC 9110 §8.3.1). rOCCI-api looks for its types in
 * small letters and would settle on a JSON that it cannot read back; so it settles on text/plain.
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
 * How the operation's answer is written. Where the client accepts nothing that can show it, the refusal is returned and
 * not thrown, since it must not hide that the target is not there: `notAcceptable` for types that nothing here has,
 * `invalid` for a list of URIs of what is no list (TXT-26, D-22).
 */
export function writingFor(operation: Operation, request: Pick<HttpRequest, 'headers'>): Acceptable | OcciError {
  try {
    return rendererFor(operation, negotiate(request.headers.accept ?? []));
  } catch (error) {
    if (error instanceof OcciError) return error;
    throw error;
  }
}

/**
 * The tag that an answer bears. That to a PUT bears none: it would say that the bytes of the request were kept as they
 * came (RFC 9110 §9.3.4).
 */
function tagFor(answer: Answer, rendered: Rendered, rendering: Rendering, { method }: HttpRequest): string | undefined {
  if (method === 'GET' || method === 'HEAD') return tagOf(answer, rendered, rendering);
  return method === 'POST' ? tagOfChanged(answer, rendering) : undefined;
}

/** What an answer to this request is written for. */
export const contextFor = ({ origin, requestId, headers }: HttpRequest, mediaType: string): RenderContext => ({
  origin,
  mediaType,
  requestId,
  splitsAtLineEnds: splitsAtLineEnds(headers['user-agent']?.[0]),
});

/** An answer in a rendering. A create is 201 with the place of what was made first (D-12). */
export function respond(answer: Answer, { rendering, mediaType }: Acceptable, request: HttpRequest): HttpResponse {
  const rendered = rendering.render(answer, contextFor(request, mediaType));
  // One object filled, not several spread into each other: this is in the way of every answer.
  const headers: Record<string, string> = Object.assign(commonHeaders(request), rendered.headers);
  const tag = tagFor(answer, rendered, rendering, request);
  if (tag !== undefined) headers.ETag = tag;
  if (answer.is === 'categories' && request.method !== 'POST') headers['Cache-Control'] = ASKED_EACH_TIME;
  if (answer.is !== 'created') return { status: 200, headers, body: rendered.body };
  if (answer.locations[0] !== undefined) headers.Location = request.origin + answer.locations[0];
  return { status: 201, headers, body: rendered.body };
}

/** The place of what was changed stands in a header too: one client looks for it there after an update (CLIENT-26). */
function located(answer: Answer, response: HttpResponse, { origin }: HttpRequest): HttpResponse {
  if (answer.is !== 'entity') return response;
  return { ...response, headers: { ...response.headers, Location: origin + answer.entity.location } };
}

/**
 * The response to a request that has changed something: what was done must not be called refused because it cannot be
 * shown. Where the rendering cannot show it, or it is too large, the answer says no more than that it is done.
 */
export function respondToChange(
  answer: Answer,
  writes: Acceptable,
  request: HttpRequest,
  headerBytes: number,
): HttpResponse {
  try {
    const response = located(answer, respond(answer, writes, request), request);
    toResult(response, request, headerBytes);
    return response;
  } catch (error) {
    if (!(error instanceof OcciError)) throw error;
    const done = respond({ is: 'done' }, writes, request);
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

/** The failure of a method that is not defined at a target, or of an action at a target without actions. */
export function notAllowed(method: string, target: Target, verb: Verb | undefined, adapter: Adapter): OcciError {
  const what =
    verb === 'act'
      ? 'There are no actions here: invoke an action on an entity, or on a collection.'
      : `${method.slice(0, 20)} is not defined here.`;
  return new OcciError('methodNotAllowed', what, { headers: { Allow: methodsOf(target, adapter) } });
}
