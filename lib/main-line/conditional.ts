/**
 * Conditions of changes of what has no row of its own: collections, and the categories at the query interface. They
 * are held against what a GET of the same path answers right before the change.
 */
import type { HttpRequest } from '../http/message.ts';
import { type Preconditions, preconditionFailed, type Tags } from '../http/preconditions.ts';
import { operationFor } from '../operations/index.ts';
import type { Backend, OcciRequest } from '../operations/operation.ts';
import { RENDERINGS } from '../renderings/index.ts';
import { NOTHING, type Rendering } from '../renderings/rendering.ts';
import { tagOf, tagParts } from '../tags/tag.ts';
import { contextFor } from './answering.ts';

/** Throws `preconditionFailed` unless the conditions hold for what the client of `asked` would read now. */
export async function requireAsRead(
  { match, noneMatch }: Preconditions,
  request: OcciRequest,
  backend: Backend,
  asked: HttpRequest,
): Promise<void> {
  const tags = new Map<string, Promise<string | undefined>>();
  const tagIn = (rendering: Rendering): Promise<string | undefined> => {
    const known = tags.get(rendering.letter) ?? tagNow(rendering, request, backend, asked);
    tags.set(rendering.letter, known);
    return known;
  };
  if (match !== undefined && !(await isAmong(match, tagIn, true))) {
    throw preconditionFailed('What is here has none of the tags in If-Match: it has changed since you read it.');
  }
  if (noneMatch !== undefined && (await isAmong(noneMatch, tagIn, false))) {
    throw preconditionFailed('What is here has one of the tags in If-None-Match.');
  }
}

/** True if one of the tags is that of its rendering now. */
async function isAmong(
  tags: Tags,
  tagIn: (rendering: Rendering) => Promise<string | undefined>,
  strongly: boolean,
): Promise<boolean> {
  if (tags === '*') return true;
  for (const { weak, opaque } of tags) {
    const parts = tagParts(opaque);
    const rendering = parts && RENDERINGS.find(({ letter }) => letter === parts.letter);
    if (!rendering || (weak && strongly)) continue;
    const now = await tagIn(rendering);
    if (now !== undefined && tagParts(now.slice(1, -1))?.state === parts.state) return true;
  }
  return false;
}

/** The tag that a GET of the same would bear; undefined where the rendering cannot show it. */
async function tagNow(
  rendering: Rendering,
  request: OcciRequest,
  backend: Backend,
  asked: HttpRequest,
): Promise<string | undefined> {
  const read = operationFor(request.target, 'get');
  if (!read || rendering.cannot?.includes(read.answers)) return undefined;
  const answer = await read.run({ ...request, parsed: NOTHING, wants: rendering.collections }, backend);
  const mediaType = rendering.mediaTypes[0]!;
  return tagOf(answer, rendering.render(answer, contextFor(asked, mediaType)), rendering);
}
