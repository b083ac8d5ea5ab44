/** Links in the payload of an entity that is there: which of them it has already, and which are new. */
import type { Native } from '../adapter.ts';
import { OcciError } from '../errors.ts';
import type { LinkEntity } from '../occi/entity.ts';
import { isLinkTerm, KINDS, type LinkTerm } from '../occi/kinds/index.ts';
import { isLinkKind } from '../occi/model.ts';
import { type AttributeDefinitions, typeId } from '../occi/types.ts';
import type { ParsedLink, Part } from '../renderings/rendering.ts';
import { pathOf } from './locate.ts';
import type { Subject } from './subject.ts';

/** The one part of a payload. Throws `invalid` for none or several. */
export function onlyPart(parts: readonly Part[]): Part {
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
  const asLink = ({ categories, attributes }: Part): ParsedLink => ({
    target: String(attributes['occi.core.target'] ?? ''),
    rel: [],
    category: categories.map(typeId),
    attributes,
  });
  return { ...part, links: [...part.links, ...links.map(asLink)] };
}

/** What a client calls a link that it read here: its location or id. */
function nameOf({ self, attributes }: ParsedLink): string | undefined {
  const name = self ?? attributes['occi.core.id'];
  if (typeof name !== 'string') return undefined;
  return name.startsWith('urn:') ? name.toLowerCase() : pathOf(name);
}

/**
 * The link of an entity that a payload names and sends back (D-3); undefined for a new one. Where a payload is the
 * whole entity (PUT), a link without a name is the one that leads to the same target.
 */
function linkThere(link: ParsedLink, { shown }: Subject, whole: boolean): LinkEntity | undefined {
  if (shown.is !== 'resource') return undefined;
  const name = nameOf(link);
  const named = shown.links.find(({ location, id }) => name === location || name === id);
  return (
    named ??
    (whole && name === undefined
      ? shown.links.find(({ target }) => target.location === pathOf(link.target))
      : undefined)
  );
}

/** Throws `invalid` for a link that comes back with another value: links are changed where they are. */
function checkUnchanged(link: ParsedLink, there: LinkEntity): void {
  const definitions: AttributeDefinitions = KINDS[there.kind.term as LinkTerm].attributes;
  for (const [name, value] of Object.entries(link.attributes)) {
    const definition =
      Object.hasOwn(definitions, name) && !name.startsWith('occi.core.') ? definitions[name] : undefined;
    if (!definition?.mutable || String(value) === String(there.attributes[name])) continue;
    throw new OcciError('invalid', `The attribute ${name} of a link is changed at the link itself, ${there.location}.`);
  }
}

/** The links of a payload that are not there yet. `whole`: the payload is the whole entity (PUT). */
export function newLinksIn(part: Part, subject: Subject, whole: boolean): readonly ParsedLink[] {
  return part.links.filter((link) => {
    const there = linkThere(link, subject, whole);
    if (there) checkUnchanged(link, there);
    return !there;
  });
}
