/**
 * Preconditions for changing a collection or the query interface, which have no row in the store. They are compared
 * with what a GET of the same path answers immediately before the change.
 */

import type { Backend } from '../entities/backend.ts';
import type { OcciRequest } from '../entities/request.ts';
import { tagOf, tagParts } from '../etags/etag.ts';
import { matchesAnyTag } from '../etags/match.ts';
import type { HttpRequest } from '../http/message.ts';
import { type Preconditions, preconditionFailed } from '../http/preconditions.ts';
import { operationFor } from '../operations/index.ts';
import { renderingWith } from '../renderings/index.ts';
import { type Letter, NOTHING } from '../renderings/rendering.ts';
import { contextFor } from './answering.ts';

/** Throws `preconditionFailed` unless the conditions hold for what a GET by the client of `asked` would answer now. */
export async function requirePreconditions(
  { match, noneMatch }: Preconditions,
  request: OcciRequest,
  backend: Backend,
  asked: HttpRequest,
): Promise<void> {
  const states = new Map<Letter, Promise<string | undefined>>();
  const stateIn = (letter: Letter): Promise<string | undefined> => {
    const known = states.get(letter) ?? stateNow(letter, request, backend, asked);
    states.set(letter, known);
    return known;
  };
  if (match !== undefined && !(await matchesAnyTag(match, stateIn, true))) {
    throw preconditionFailed('What is here has none of the tags in If-Match: it has changed since you read it.');
  }
  if (noneMatch !== undefined && (await matchesAnyTag(noneMatch, stateIn, false))) {
    throw preconditionFailed('What is here has one of the tags in If-None-Match.');
  }
}

/** The state in the entity tag that a GET of the same path would have; undefined if the rendering cannot show it. */
async function stateNow(
  letter: Letter,
  request: OcciRequest,
  backend: Backend,
  asked: HttpRequest,
): Promise<string | undefined> {
  const read = operationFor(request.target, 'get');
  const rendering = renderingWith(letter);
  if (!read || rendering.cannot?.includes(read.answers)) return undefined;
  if (rendering.ready) await rendering.ready();
  const answer = await read.run({ ...request, parsed: NOTHING, wants: rendering.collections }, backend);
  const mediaType = rendering.mediaTypes[0]!;
  const tag = tagOf(answer, rendering.render(answer, contextFor(asked, mediaType)), rendering);
  return tag && tagParts(tag.slice(1, -1))?.state;
}
