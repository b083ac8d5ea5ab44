/**
 * Caches the JSON text of listed entities. Clients that poll a cloud list it repeatedly, and most entities are
 * unchanged: the text is reused for an entity whose members are all equal. Comparing takes a fraction of the time of
 * writing.
 */
import type { AnyEntity } from '../../occi/entity.ts';
import { isComparable, isSameEntity } from '../../occi/same-entity.ts';
import type { Attributes } from '../../occi/types.ts';
import { Remembered } from '../../remembered.ts';
import { writeEntity } from './entity.ts';

interface Written {
  readonly entity: AnyEntity;
  readonly json: string;
}

/** With the longest of texts and the entities beside them some 50 MB are kept at most; of a usual thousand 2 to 5 MB. */
const MIN_CACHED_ENTITIES = 2000;
const MAX_ENTITY_CHARS = 4096;

const written = new Remembered<string, Written>(MIN_CACHED_ENTITIES);

/**
 * How to write each of so many entities. More than are kept would push each other out before they are asked for again.
 */
export const writerOf = (count: number): ((entity: AnyEntity) => string) =>
  count > MIN_CACHED_ENTITIES ? writeOrdered : writeListed;

/** The JSON text of an entity, as `writeEntity` makes it but with its attributes in the order of their names. */
function writeListed(entity: AnyEntity): string {
  const known = written.get(entity.id);
  if (known && isSameEntity(known.entity, entity)) return known.json;
  const json = writeOrdered(entity);
  // To count its bytes, V8 makes one piece of the text, which is what makes it quick to use again.
  if (Buffer.byteLength(json) <= MAX_ENTITY_CHARS && isComparable(entity)) written.set(entity.id, { entity, json });
  return json;
}

/**
 * A store or a cloud may give the same attributes in another order, which a text that is kept would hide. Written by
 * name, a listing is the same text in every process, and so is its entity tag.
 */
export const writeOrdered = (entity: AnyEntity): string => writeEntity(ordered(entity));

function ordered<E extends AnyEntity>(entity: E): E {
  const names = Object.keys(entity.attributes).sort();
  const attributes: Attributes = Object.fromEntries(names.map((name) => [name, entity.attributes[name]!]));
  const links = entity.is === 'resource' && entity.links.length > 0 ? { links: entity.links.map(ordered) } : undefined;
  return { ...entity, attributes, ...links };
}
