import type { AnyEntity, LinkEntity } from '../../occi/entity.ts';
import { coreAttributes, isShownApart } from '../../occi/entity.ts';
import { CORE } from '../../occi/schemes.ts';
import { writeAttribute, writeAttributes } from './attribute.ts';
import { identifierOf, kindOfEntity, mixinOfEntity } from './described.ts';
import { writeActionLinks, writeLinkAttributes, writeLinkHead } from './link.ts';
import { quote } from './quoting.ts';

/** The values of each field, without its name: lines in text/plain, elements of a header in text/occi. */
export interface Lines {
  readonly categories: readonly string[];
  readonly links: readonly string[];
  readonly attributes: readonly string[];
}

/** An entity in the order of the grammar (TXT-11, TXT-12, D-24); action links come first (SUITE-2). */
export function entityLines(entity: AnyEntity): Lines {
  const categories = [kindOfEntity(entity.kind)];
  for (const mixin of entity.mixins) categories.push(mixinOfEntity(mixin));
  const links: string[] = [];
  writeActionLinks(entity.location, entity.actions, links);
  if (entity.is === 'resource') for (const link of entity.links) links.push(linkLine(link));
  const attributes: string[] = [];
  writeAttributes(coreAttributes(entity), attributes);
  for (const name in entity.attributes) {
    if (!isShownApart(name)) attributes.push(writeAttribute(name, entity.attributes[name]!));
  }
  return { categories, links, attributes };
}

/** The grammar wants a kind of the target (TXT-7) although the model may not know one (CORE-25). */
const UNKNOWN_KIND = `${CORE}resource`;

function linkLine(link: LinkEntity): string {
  let category = identifierOf(link.kind);
  for (const mixin of link.mixins) category += ` ${identifierOf(mixin)}`;
  return (
    writeLinkHead(link.target.location, link.target.kind ?? UNKNOWN_KIND, link.location, category) +
    `; occi.core.id=${quote(link.id)}` +
    (link.title === undefined ? '' : `; occi.core.title=${quote(link.title)}`) +
    `; occi.core.source=${quote(link.source.location)}; occi.core.target=${quote(link.target.location)}` +
    writeLinkAttributes(link.attributes)
  );
}
