/**
 * Entities of a listing. Who watches a cloud lists it again and again, and most of what is there has not changed: the
 * text of an entity is kept beside the entity, and used again for one that is the same in all its members, wherever it
 * was read from. To compare them takes a fraction of the time that it takes to write one.
 */
import type { AnyEntity } from '../../occi/entity.ts';
import { isComparable, isSameEntity } from '../../occi/same-entity.ts';
import { Remembered } from '../../remembered.ts';
import { writeEntity } from './entity.ts';

interface Written {
  readonly entity: AnyEntity;
  readonly json: string;
}

/** With the longest of texts and the entities beside them some 50 MB are kept at most; of a usual thousand 2 to 5 MB. */
const LEAST = 2000;
const LONGEST = 4096;

const written = new Remembered<string, Written>(LEAST);

/**
 * How to write each of so many entities. More than are kept would push each other out before they are asked for again.
 */
export const writerOf = (count: number): ((entity: AnyEntity) => string) => (count > LEAST ? writeEntity : writeListed);

/** The JSON text of an entity, as `writeEntity` makes it but for the order of its attributes. */
function writeListed(entity: AnyEntity): string {
  const known = written.get(entity.id);
  if (known && isSameEntity(known.entity, entity)) return known.json;
  const json = writeEntity(entity);
  // To count its bytes, V8 makes one piece of the text, which is what makes it quick to use again.
  if (Buffer.byteLength(json) <= LONGEST && isComparable(entity)) written.set(entity.id, { entity, json });
  return json;
}
