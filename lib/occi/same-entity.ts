/**
 * Compares two readings of an entity. This is faster than writing both, so that text made from the first can be reused.
 */
import type { AnyEntity, LinkEnd } from './entity.ts';
import type { Attributes } from './types.ts';

/** False where a value is a list or an object: it may change inside, and to look into it costs as much as to write it. */
export function isComparable(entity: AnyEntity): boolean {
  const { attributes } = entity;
  for (const name in attributes)
    if (attributes[name] === undefined || typeof attributes[name] === 'object') return false;
  return entity.is === 'link' || entity.links.every(isComparable);
}

/** True for two readings of an entity that show the same. `one` must be comparable. */
export function isSameEntity(one: AnyEntity, other: AnyEntity): boolean {
  return (
    one.id === other.id &&
    one.location === other.location &&
    one.kind === other.kind &&
    one.title === other.title &&
    isSameList(one.mixins, other.mixins) &&
    isSameList(one.actions, other.actions) &&
    hasSameAttributes(one.attributes, other.attributes) &&
    (one.is === 'link'
      ? other.is === 'link' && isSameEnd(one.source, other.source) && isSameEnd(one.target, other.target)
      : other.is === 'resource' && one.summary === other.summary && isSameList(one.links, other.links, isSameEntity))
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
