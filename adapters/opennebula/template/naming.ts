/**
 * Maps titles to names. OpenNebula's names are short, forbid some characters and, except for machines, are unique per
 * owner; titles have no such limits. If a title cannot be a name, the name is derived from it, `OCCI_TITLE` holds the
 * title and `OCCI_NAME` the derived name. If the object's name differs from `OCCI_NAME`, it was renamed outside OCCI,
 * and the new name is its title (ADR-5).
 */
import { createHash } from 'node:crypto';
import { cannotName, cannotStore } from './template.ts';

/** A name, and the attributes to write beside it. */
interface Naming {
  readonly name: string;
  readonly attributes: { readonly OCCI_NAME?: string; readonly OCCI_TITLE?: string };
}

/** True for a title or summary that OpenNebula keeps unchanged; any other goes to our own store. */
export const isHeld = (value: unknown): boolean => typeof value === 'string' && cannotStore(value) === undefined;

/** Twelve characters derived from the token alone. */
export const suffixOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 12);

/** Maximum length of the part of a name that comes from the title; with its suffix a name must stay under 128 bytes. */
const MAX_TITLE_BYTES = 100;

/** The part of a title that a name can contain, possibly empty. */
function cleaned(title: string): string {
  let name = '';
  for (const character of title.replace(/[&|:\\";/'#{}$<>\p{Cc}]+/gu, '-')) {
    if (character.length > 1) continue;
    if (Buffer.byteLength(name + character) > MAX_TITLE_BYTES) break;
    name += character;
  }
  return name.replace(/\]\]/g, '] ]').trim();
}

/** Name of a machine, which need not be unique: the title itself where possible. */
export function nameOf(kind: string, title: string | undefined, token: string): Naming {
  if (title !== undefined && title === title.trim() && cannotName(title) === undefined) {
    return { name: title, attributes: {} };
  }
  return uniqueNameOf(kind, title, token);
}

/** A name unique to its owner. The same token gives the same name, so a repeated create is refused as a duplicate. */
export const uniqueNameOf = (kind: string, title: string | undefined, token: string): Naming =>
  named(kind, title, suffixOf(token));

function named(kind: string, title: string | undefined, suffix: string): Naming {
  const name = `${(title !== undefined && cleaned(title)) || kind}-${suffix}`;
  return { name, attributes: { OCCI_NAME: name, ...(title !== undefined && { OCCI_TITLE: title }) } };
}

/**
 * The name of an object whose title changes. It keeps the suffix that identifies its create; `other` seeds the suffix
 * of an object that was not named by us.
 */
export function renamed(
  kind: string,
  title: string | undefined,
  { NAME, own }: { readonly NAME: string; readonly own: Readonly<Record<string, string>> },
  other: string,
): Naming {
  const suffix = own.OCCI_NAME === NAME ? /[0-9a-f]{12}$/.exec(NAME)?.[0] : undefined;
  return named(kind, title, suffix ?? suffixOf(other));
}

const shown = (title: string | undefined): string | undefined => (title ? line(title) : undefined);

/** The title of an object, from its name and its own attributes. */
export const titleOf = (name: string, own: Readonly<Record<string, string>>): string | undefined =>
  own.OCCI_NAME === name ? shown(own.OCCI_TITLE) : line(name);

/**
 * The end of a link's id, taken from the token in the NIC or disk. oned reuses free slots, perhaps with the same
 * target, and the reused slot is a different link.
 */
export const mark = (token: string | undefined): string => (token && /^[0-9a-f]{12}$/.test(token) ? `:${token}` : '');

/** Joins lines: texts from OpenNebula may have several lines, OCCI's texts have one. */
export const line = (text: string): string => text.replace(/(?!\t)\p{Cc}+/gu, ' ');
