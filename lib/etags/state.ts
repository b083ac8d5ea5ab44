/**
 * The state of an entity: a digest that changes with anything that any rendering shows of it, and with nothing else.
 */
import type { AnyEntity, LinkEnd } from '../occi/entity.ts';
import { isComparable, isSameEntity } from '../occi/same-entity.ts';
import { type Attributes, typeId } from '../occi/types.ts';
import { Remembered } from '../remembered.ts';
import { sha1 } from '../sha1.ts';

interface Known {
  readonly entity: AnyEntity;
  readonly state: string;
}

/**
 * Limits of the state cache: comparing two readings takes a fraction of the time of a digest. Larger entities are not
 * cached, since a tenant could fill the memory with values of 64 KiB.
 */
const MIN_CACHED_STATES = 2000;
const MAX_ENTITY_CHARS = 4096;

const known = new Remembered<string, Known>(MIN_CACHED_STATES);

/**
 * The state of an entity: 32 hexadecimal digits, the same in every process for the same attributes, mixins, links and
 * actions, whatever the order of an object's members.
 */
export function stateOf(entity: AnyEntity): string {
  const before = known.get(entity.id);
  if (before && isSameEntity(before.entity, entity)) return before.state;
  const text = textOf(entity);
  const state = digest(text);
  if (text.length <= MAX_ENTITY_CHARS && isComparable(entity)) known.set(entity.id, { entity, state });
  return state;
}

/** The state of an entity that has just changed. It is not cached, since it may never be read. */
export const stateOfChanged = (entity: AnyEntity): string => digest(textOf(entity));

/** 128 bits of a digest; it protects no secret. */
export const digest = (text: string): string => sha1(text).slice(0, STATE_DIGITS);

/** Hexadecimal digits of a state. */
export const STATE_DIGITS = 32;

/**
 * Everything that is shown of an entity, one item a line. Arbitrary text is quoted, so no value contains a line break.
 */
function textOf(entity: AnyEntity): string {
  const { kind, id, location, title, mixins, attributes, actions } = entity;
  let text = `${id}\n${location}\n${typeId(kind)}\n${quoted(title)}\n`;
  for (const mixin of mixins) text += `mixin ${typeId(mixin)}\n`;
  for (const action of actions) text += `action ${typeId(action)}\n`;
  text += attributeLines(attributes);
  if (entity.is === 'link') return `${text}${endOf(entity.source)}\n${endOf(entity.target)}`;
  text += `summary ${quoted(entity.summary)}`;
  for (const link of entity.links) text += `\nlink ${textOf(link)}`;
  return text;
}

function attributeLines(attributes: Attributes): string {
  let text = '';
  for (const name of Object.keys(attributes).sort()) text += `${name}=${quoted(attributes[name])}\n`;
  return text;
}

const endOf = ({ location, kind }: LinkEnd): string => `${location} ${kind}`;

const quoted = (value: unknown): string =>
  typeof value === 'number' || value === undefined ? String(value) : JSON.stringify(sorted(value));

/** The value with the members of its objects sorted by name. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const members = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(members).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(members[name])]));
}
