/** The payload for an existing entity, and the links in it. */

import type { Native } from '../../adapter/contract.ts';
import { OcciError } from '../../errors.ts';
import { isLinkKind } from '../../occi/identifiers.ts';
import { isLinkTerm } from '../../occi/kinds/index.ts';
import { typeId } from '../../occi/types.ts';
import type { ParsedLink, Part } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import type { Subject } from '../loaded-entity.ts';
import { notThereYet } from './returned.ts';

/** The one part of a payload. Throws `invalid` unless there is exactly one. */
function onlyPart(parts: readonly Part[]): Part {
  const [part] = parts;
  if (!part) throw new OcciError('invalid', 'The request has no payload to change the entity with.');
  if (parts.length > 1) throw new OcciError('invalid', 'The payload describes several entities; this is one.');
  return part;
}

const NOTHING_ELSE: Part = { categories: [], links: [], actions: [], attributes: {} };

const isLinkPart = ({ categories }: Part) => categories.some((category) => isLinkKind(typeId(category)));

/** A payload for a resource; JSON may bring its links as entities of their own (`{"links":[…]}`). */
export function withLinks(parts: readonly Part[], native: Native): Part {
  const links = isLinkTerm(native.kind) ? [] : parts.filter(isLinkPart);
  if (links.length === 0) return onlyPart(parts);
  const others = parts.filter((part) => !links.includes(part));
  const part = others.length > 0 ? onlyPart(others) : NOTHING_ELSE;
  const asLink = ({ categories, attributes, again }: Part): ParsedLink => ({
    target: String(attributes['occi.core.target'] ?? ''),
    rel: [],
    category: categories.map(typeId),
    attributes,
    ...(again && { again }),
  });
  return { ...part, links: [...part.links, ...links.map(asLink)] };
}

/**
 * The new links in a payload. `whole`: the payload is the whole entity (PUT). Throws `invalid` for an existing link
 * that is sent back with other values or ends.
 */
export async function newLinksIn(
  part: Part,
  subject: Subject,
  whole: boolean,
  backend: Backend,
): Promise<readonly ParsedLink[]> {
  if (part.links.length === 0) return part.links;
  return await notThereYet(part.links, subject, whole, backend);
}
