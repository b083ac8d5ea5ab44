/** Links that a client sends back with the entity that has them: they are found again, and must be as they are. */

import { OcciError } from '../../errors.ts';
import { bareId } from '../../mapping/identity.ts';
import { coreAttributes, type LinkEntity } from '../../occi/entity.ts';
import type { LinkTerm } from '../../occi/kinds/index.ts';
import { kindTermOf } from '../../occi/model.ts';
import { type Attributes, typeId } from '../../occi/types.ts';
import type { ParsedLink } from '../../renderings/rendering.ts';
import type { Backend } from '../backend.ts';
import type { Subject } from '../loaded-entity.ts';
import { isWayTo, pathOf } from '../locate.ts';
import { checkKinds, linkEnd } from './ends.ts';
import { checkSource } from './holder.ts';
import { A_LINK, saidOfTarget } from './stated-ends.ts';

/** What a client calls a link that it read here: its location, its id, or both. */
const namesOf = ({ self, attributes }: ParsedLink): readonly string[] =>
  [self, attributes['occi.core.id']]
    .filter((name) => typeof name === 'string')
    .map((name) => (name.startsWith('urn:') ? name.toLowerCase() : pathOf(name)));

/**
 * The link of an entity that a payload names and sends back (D-3); undefined for a new one. Where a payload is the
 * whole entity (PUT), a link without a name is the one that leads to the same target. Throws `invalid` for the names of two
 * links.
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

/** Attributes that say where a link begins and ends, in whatever words. */
const ENDS = /^occi\.core\.(source|target)(\.kind)?$/;

/** Throws `invalid` for a link that comes back with another value: links are changed where they are. */
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

/** Throws `invalid` for a link that comes back with another end than it has: a link leads to one target all its life. */
async function checkEnds(
  link: ParsedLink,
  there: LinkEntity,
  { mapping, shown }: Subject,
  backend: Backend,
): Promise<void> {
  const said = saidOfTarget(link);
  const { location, kind } = there.target;
  const texts = [...said.references, ...(said.perhaps === undefined ? [] : [said.perhaps])];
  // What was read is sent back as it was: nothing has to be looked up.
  if (texts.every((text) => isWayTo(location, text, backend))) {
    checkKinds(kindTermOf(kind ?? '')!, said, `The target ${location} of the link`);
  } else {
    const references = [location, ...said.references];
    await linkEnd(there.kind.term as LinkTerm, 'target', { ...said, references }, backend);
  }
  await checkSource(link, { kind: mapping.kind, mapping, location: shown.location }, backend);
}

/** Those links that the entity does not have. */
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
