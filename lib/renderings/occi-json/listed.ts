/**
 * Entities of a listing. Who watches a cloud lists it again and again, and most of what is there has not changed: the
 * text of an entity is kept beside the entity, and used again for one that is the same in all its members, wherever it
 * was read from. To compare them takes a fraction of the time that it takes to write one.
 */
import type { AnyEntity, LinkEnd } from '../../occi/entity.ts';
import type { Attributes } from '../../occi/types.ts';
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
  if (known && isSame(known.entity, entity)) return known.json;
  const json = writeEntity(entity);
  // To count its bytes, V8 makes one piece of the text, which is what makes it quick to use again.
  if (Buffer.byteLength(json) <= LONGEST && isComparable(entity)) written.set(entity.id, { entity, json });
  return json;
}

/** False where a value is a list or an object: it may change inside, and to look into it costs as much as to write it. */
function isComparable(entity: AnyEntity): boolean {
  const { attributes } = entity;
  for (const name in attributes)
    if (attributes[name] === undefined || typeof attributes[name] === 'object') return false;
  return entity.is === 'link' || entity.links.every(isComparable);
}

/** `one` is comparable. Not the location: JSON does not show it (GFD.226 §5.1). */
function isSame(one: AnyEntity, other: AnyEntity): boolean {
  return (
    one.id === other.id &&
    one.kind === other.kind &&
    one.title === other.title &&
    isSameList(one.mixins, other.mixins) &&
    isSameList(one.actions, other.actions) &&
    hasSameAttributes(one.attributes, other.attributes) &&
    (one.is === 'link'
      ? other.is === 'link' && isSameEnd(one.source, other.source) && isSameEnd(one.target, other.target)
      : other.is === 'resource' && one.summary === other.summary && isSameList(one.links, other.links, isSame))
  );
}

const isSameEnd = (one: LinkEnd, other: LinkEnd): boolean => one.location === other.location && one.kind === other.kind;

const isIdentical = (one: unknown, other: unknown): boolean => one === other;

function isSameList<T>(
  one: readonly T[],
  other: readonly T[],
  isSameMember: (one: T, other: T) => boolean = isIdentical,
): boolean {
  if (one.length !== other.length) return false;
  for (let at = 0; at < one.length; at++) if (!isSameMember(one[at]!, other[at]!)) return false;
  return true;
}

function hasSameAttributes(one: Attributes, other: Attributes): boolean {
  let more = 0;
  for (const name in one) {
    if (one[name] !== other[name]) return false;
    more += 1;
  }
  for (const _ in other) more -= 1;
  return more === 0;
}
