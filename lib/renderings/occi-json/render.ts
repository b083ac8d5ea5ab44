import type { AnyEntity } from '../../occi/entity.ts';
import type { Answer, RenderContext, Rendered, RenderedError, RenderedPieces } from '../rendering.ts';
import { writeCategories } from './discovery.ts';
import { writeEntity } from './entity.ts';
import { joined } from './joined.ts';
import { writeOrdered, writerOf } from './listed.ts';

const rendered = (body: string, context: RenderContext): Rendered => ({
  headers: { 'Content-Type': context.mediaType },
  body,
});

/** Entities under `resources` and `links` (JSON-9, JSON-10); an empty collection still says which it is. */
function writeCollection(entities: readonly AnyEntity[], ofLinks: boolean): string {
  const write = writerOf(entities.length);
  const resources: string[] = [];
  const links: string[] = [];
  for (const entity of entities) (entity.is === 'link' ? links : resources).push(write(entity));
  if (links.length === 0 && !ofLinks) return joined('{"resources":[', resources, ']}');
  if (resources.length === 0 && ofLinks) return joined('{"links":[', links, ']}');
  return joined(joined('{"resources":[', resources, '],"links":['), links, ']}');
}

/** JSON has no list of locations, so an answer without its entities would be misleading. */
function entitiesOf(answer: Answer & { readonly is: 'collection' | 'created' }): readonly AnyEntity[] {
  if (!answer.entities && answer.locations.length > 0) throw new TypeError('JSON shows entities, but none were read.');
  return answer.entities ?? [];
}

function body(answer: Answer): string {
  switch (answer.is) {
    case 'done':
      return '{}';
    case 'categories':
      return writeCategories(answer.categories);
    case 'entity':
      return writeEntity(answer.entity);
    case 'collection':
      return writeCollection(entitiesOf(answer), answer.links ?? false);
    case 'created': {
      const entities = entitiesOf(answer);
      const isLinks = entities.length > 0 && entities.every((entity) => entity.is === 'link');
      return entities.length === 1 ? writeEntity(entities[0]!) : writeCollection(entities, isLinks);
    }
  }
}

/** Writes an answer as JSON (GFD.226). */
export const renderOcciJson = (answer: Answer, context: RenderContext): Rendered => rendered(body(answer), context);

/** Length of a piece, in characters: large enough to be worth a call of the compressor. */
const PIECE_CHARS = 65_536;

const CLOSING = ']}';

async function* piecesOf(
  pages: AsyncIterable<readonly AnyEntity[]>,
  ofLinks: boolean,
  written: { entities: number },
): AsyncGenerator<string> {
  let piece = ofLinks ? '{"links":[' : '{"resources":[';
  for await (const entities of pages) {
    for (const entity of entities) {
      if (written.entities > 0) piece += ',';
      written.entities += 1;
      piece += writeOrdered(entity);
      if (piece.length < PIECE_CHARS) continue;
      yield piece;
      piece = '';
    }
  }
  yield piece + CLOSING;
}

/** Writes a long collection while it is read, so that neither its entities nor its text are ever there as a whole. */
export const renderOcciJsonPages = (
  pages: AsyncIterable<readonly AnyEntity[]>,
  ofLinks: boolean,
  context: RenderContext,
): RenderedPieces => {
  const written = { entities: 0 };
  return {
    headers: { 'Content-Type': context.mediaType },
    pieces: piecesOf(pages, ofLinks, written),
    shown: () => written.entities,
    closing: CLOSING,
  };
};

/** ADR-14; the specification leaves errors open. */
export const renderOcciJsonError = (error: RenderedError, context: RenderContext): Rendered =>
  rendered(JSON.stringify({ code: error.status, message: error.message, requestId: context.requestId }), context);
