/** Refuses content that the operation does not use: the error names it, and nothing is silently ignored. */

import { isName } from '../entities/names.ts';
import { PARTS, type PartKind } from '../entities/reads.ts';
import { OcciError } from '../errors.ts';
import { typeId } from '../occi/types.ts';
import { excerpt } from '../renderings/characters.ts';
import type { Parsed, Part } from '../renderings/rendering.ts';

/** How much of a name a message shows: enough for a whole type identifier. */
const MAX_NAME_CHARS = 100;

/** The first item of each member of a part, by a name that the client recognizes. */
const FIRST = {
  categories: ({ categories: [one] }) => one && typeId(one),
  attributes: ({ attributes }) => Object.keys(attributes)[0],
  again: ({ again = {} }) => Object.keys(again)[0],
  links: ({ links: [one] }) => one?.target,
  actions: ({ actions: [one] }) => one?.uri,
} as const satisfies Record<keyof Part, (part: Part) => string | undefined>;

const KIND_OF = {
  categories: 'categories',
  attributes: 'attributes',
  again: 'attributes',
  links: 'links',
  actions: 'actionLinks',
} as const satisfies Record<keyof Part, PartKind>;

const MEMBERS = Object.keys(FIRST) as readonly (keyof Part)[];

/** The part without the id and kind that name an entity. */
const beside = (part: Part): Part => {
  const { 'occi.core.id': _id, ...attributes } = part.attributes;
  return { ...part, categories: part.categories.slice(1), attributes };
};

/**
 * Throws `invalid` for the first part that is not of the `used` kinds. In messages, `subject` names the operation and
 * `where` says where the parts were found.
 */
export function refuseUnused(
  { parts, locations }: Parsed,
  used: readonly PartKind[],
  subject: string,
  where = 'the request',
): void {
  const refuse = (kind: PartKind, what: string): never => {
    throw new OcciError(
      'invalid',
      `${subject} does not use ${PARTS[kind]}, and ${where} has ${excerpt(what, MAX_NAME_CHARS)}.`,
    );
  };
  const namesAny = used.includes('ids');
  const namesItself = used.includes('itself') && !used.includes('attributes');
  if (locations.length > 0 && !used.includes('locations') && !used.includes('itself'))
    refuse('locations', locations[0]!);
  if (parts.length > 1 && !used.includes('several')) refuse('several', String(parts.length));
  for (const part of parts) {
    const named = (namesAny || namesItself) && isName(part);
    const rest = named ? beside(part) : part;
    for (const member of MEMBERS) {
      const first = FIRST[member](rest);
      if (first !== undefined && (named || !used.includes(KIND_OF[member]))) refuse(KIND_OF[member], first);
    }
  }
}
