/**
 * Titles in names. OpenNebula's names are short, forbid characters and, but for machines, are unique per owner; titles
 * are neither. Where a name cannot be the title itself it is made of it, `OCCI_TITLE` holds the title, and `OCCI_NAME`
 * the name that we gave: when the object has another name now, somebody has renamed it, and that is its title (decision
 * 5).
 */
import { createHash } from 'node:crypto';
import { cannotName, cannotStore } from './template.ts';

/** A name, and the attributes to write beside it. */
interface Naming {
  readonly name: string;
  readonly attributes: { readonly OCCI_NAME?: string; readonly OCCI_TITLE?: string };
}

/** True for a title or summary that OpenNebula keeps exactly; any other goes to the store. */
export const isHeld = (value: unknown): boolean => typeof value === 'string' && cannotStore(value) === undefined;

/** Twelve characters that follow from this token alone. */
export const suffixOf = (token: string): string => createHash('sha256').update(token).digest('hex').slice(0, 12);

/** Bytes that a name keeps of a title; with the suffix it must stay under 128. */
const MAX_TITLE_BYTES = 100;

/** What a name can keep of a title; perhaps nothing. */
function cleaned(title: string): string {
  let name = '';
  for (const character of title.replace(/[&|:\\";/'#{}$<>\p{Cc}]+/gu, '-')) {
    if (character.length > 1) continue;
    if (Buffer.byteLength(name + character) > MAX_TITLE_BYTES) break;
    name += character;
  }
  return name.replace(/\]\]/g, '] ]').trim();
}

/** Name of a machine, whose names may be alike: the title itself if it can be. */
export function nameOf(kind: string, title: string | undefined, token: string): Naming {
  if (title !== undefined && title === title.trim() && cannotName(title) === undefined) {
    return { name: title, attributes: {} };
  }
  return uniqueNameOf(kind, title, token);
}

/** A name that no other object of the owner has. The same token gives the same: made twice, it is refused as a duplicate. */
export const uniqueNameOf = (kind: string, title: string | undefined, token: string): Naming =>
  named(kind, title, suffixOf(token));

function named(kind: string, title: string | undefined, suffix: string): Naming {
  const name = `${(title !== undefined && cleaned(title)) || kind}-${suffix}`;
  return { name, attributes: { OCCI_NAME: name, ...(title !== undefined && { OCCI_TITLE: title }) } };
}

/**
 * The name of an object that gets another title. It keeps the suffix by which its create is found again; `other` makes
 * one for an object that somebody else has named.
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

/** The title of an object with this name, given the attributes that it has beside it. */
export const titleOf = (name: string, own: Readonly<Record<string, string>>): string | undefined =>
  own.OCCI_NAME === name ? shown(own.OCCI_TITLE) : line(name);

/**
 * The end of a link's id: what its token left in the NIC or disk. oned gives a slot that is free again to the next,
 * perhaps with the same target, and that is another link.
 */
export const mark = (token: string | undefined): string => (token && /^[0-9a-f]{12}$/.test(token) ? `:${token}` : '');

/** One line: what others write in OpenNebula may have several, and OCCI's texts have one. */
export const line = (text: string): string => text.replace(/(?!\t)\p{Cc}+/gu, ' ');
