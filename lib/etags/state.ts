/** The state of an entity in a word that changes with all that any rendering shows of it, and with nothing else. */
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
 * Entities whose states are kept, at least: to compare two readings takes a fraction of the time of a digest. Those of
 * which more characters are shown are not kept: a tenant could fill the memory with values of 64 KiB.
 */
const MIN_CACHED_STATES = 2000;
const MAX_ENTITY_CHARS = 4096;

const known = new Remembered<string, Known>(MIN_CACHED_STATES);

/**
 * The state of an entity: 32 hexadecimal digits, the same in every process for the same attributes, mixins, links and
 * actions, in whatever order a store gives the members of an object.
 */
export function stateOf(entity: AnyEntity): string {
  const before = known.get(entity.id);
  if (before && isSameEntity(before.entity, entity)) return before.state;
  const text = textOf(entity);
  const state = digest(text);
  if (text.length <= MAX_ENTITY_CHARS && isComparable(entity)) known.set(entity.id, { entity, state });
  return state;
}

/** The same of an entity that has just changed: it is not kept, since it may never be read. */
export const stateOfChanged = (entity: AnyEntity): string => digest(textOf(entity));

/** 128 bits of a digest: nothing is kept secret by it. */
export const digest = (text: string): string => sha1(text).slice(0, 32);

/** All that is shown of an entity, a line for each. No value holds a line break: what may be any text is quoted. */
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

/** The same value with the members of its objects by name. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(sorted);
  const members = value as Readonly<Record<string, unknown>>;
  const names = Object.keys(members).sort();
  return Object.fromEntries(names.map((name) => [name, sorted(members[name])]));
}
