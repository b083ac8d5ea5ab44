/** Existing links that a client sends back with their entity. They must be unchanged. */

import { OcciError } from '../../errors.ts';
import { bareId, isOurUuid } from '../../mapping/identity.ts';
import { coreAttributes, type LinkEntity } from '../../occi/entity.ts';
import { kindTermOf } from '../../occi/identifiers.ts';
import type { LinkTerm } from '../../occi/kinds/index.ts';
import { type Attributes, typeId } from '../../occi/types.ts';
import type { ParsedLink } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import type { Subject } from '../loaded-entity.ts';
import { isWayTo, pathOf } from '../locate.ts';
import { checkKinds, linkEnd } from './ends.ts';
import { checkSource } from './holder.ts';
import { A_LINK, saidOfTarget } from './stated-ends.ts';

/** The identifiers of a link that a client sends back: its location, its id, or both. */
const namesOf = ({ self, attributes }: ParsedLink): readonly string[] =>
  [self, attributes['occi.core.id']]
    .filter((name) => typeof name === 'string')
    .map((name) => {
      const bare = bareId(name);
      if (isOurUuid(bare)) return `urn:uuid:${bare}`;
      return name.startsWith('urn:') ? name.toLowerCase() : pathOf(name);
    });

/**
 * The existing link that a payload sends back (D-3); undefined for a new link. In a whole entity (PUT), a link without
 * an identifier is matched by its target. Throws `invalid` for the identifiers of two links.
 */
function linkThere(link: ParsedLink, { shown }: Subject, whole: boolean): LinkEntity | undefined {
  if (shown.is !== 'resource') return undefined;
  const names = namesOf(link);
  const [named, other] = shown.links.filter(({ location, id }) => names.includes(location) || names.includes(id));
  if (named && other) {
    throw new OcciError('invalid', `The Link names two links, ${named.location} and ${other.location}.`);
  }
  if (named || !whole || names.length > 0) return named;
  const [reference] = saidOfTarget(link).references;
  return shown.links.find(({ target }) => target.location === pathOf(String(reference)));
}

/** Attributes that name the ends of a link, in any of their forms. */
const ENDS = /^occi\.core\.(source|target)(\.kind)?$/;

/**
 * Throws `invalid` for a link that is sent back with another value: to change a link, a client addresses the link
 * itself.
 */
function checkUnchanged(link: ParsedLink, there: LinkEntity): void {
  const current: Attributes = { ...there.attributes, ...coreAttributes(there) };
  for (const [name, value] of Object.entries(link.attributes)) {
    if (ENDS.test(name)) continue;
    const isId = name === 'occi.core.id';
    const isSame = isId ? bareId(String(value)) === bareId(there.id) : String(value) === String(current[name]);
    if (isSame) continue;
    throw new OcciError(
      'invalid',
      `The attribute ${name.slice(0, 200)} of a link is changed at the link itself, ${there.location}.`,
    );
  }
  const has = [there.kind, ...there.mixins].map(typeId);
  const other = link.category?.find((id) => id !== A_LINK && !has.includes(id));
  if (other !== undefined) {
    throw new OcciError(
      'invalid',
      `The link ${there.location} is no ${other.slice(0, 200)}; mixins are added at the link.`,
    );
  }
}

/** Throws `invalid` for a link that is sent back with another end: the ends of a link never change. */
async function checkEnds(
  link: ParsedLink,
  there: LinkEntity,
  { mapping, shown }: Subject,
  backend: Backend,
): Promise<void> {
  const said = saidOfTarget(link);
  const { location, kind } = there.target;
  const texts = [...said.references, ...(said.perhaps === undefined ? [] : [said.perhaps])];
  // Fast path: the location is unchanged, so no lookup is needed.
  if (texts.every((text) => isWayTo(location, text, backend))) {
    checkKinds(kindTermOf(kind ?? '')!, said, `The target ${location} of the link`);
  } else {
    const references = [location, ...said.references];
    await linkEnd(there.kind.term as LinkTerm, 'target', { ...said, references }, backend);
  }
  await checkSource(link, { kind: mapping.kind, mapping, location: shown.location }, backend);
}

/** The links that the entity does not have yet. */
export async function notThereYet(
  links: readonly ParsedLink[],
  subject: Subject,
  whole: boolean,
  backend: Backend,
): Promise<readonly ParsedLink[]> {
  const others: ParsedLink[] = [];
  for (const link of links) {
    const there = linkThere(link, subject, whole);
    if (there) {
      checkUnchanged(link, there);
      await checkEnds(link, there, subject, backend);
    } else others.push(link);
  }
  return others;
}
